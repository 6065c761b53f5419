package org.postern.operations.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Records as JSON objects and back: components in snake_case; enums in lower case; times in ISO
 * 8601; what is absent as null. A component that is new to the reader is passed over.
 */
public final class RecordJson {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .configure(StreamWriteFeature.AUTO_CLOSE_TARGET, false)
          .configure(StreamReadFeature.AUTO_CLOSE_SOURCE, false)
          // What could steer a terminal is spelt out, and the same for who reads it.
          .configure(JsonWriteFeature.ESCAPE_NON_ASCII, true)
          .build();

  private RecordJson() {}

  public static void write(Record value, OutputStream out) throws IOException {
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      json.useDefaultPrettyPrinter();
      put(json, value);
      json.writeRaw('\n');
    }
  }

  /** Writes it in one line. */
  public static void writeLine(Record value, OutputStream out) throws IOException {
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      put(json, value);
      json.writeRaw('\n');
    }
  }

  private static void put(JsonGenerator json, Object value) throws IOException {
    switch (value) {
      case String text -> json.writeString(text);
      case Boolean truth -> json.writeBoolean(truth);
      case Integer number -> json.writeNumber(number);
      case Long number -> json.writeNumber(number);
      case Double number -> json.writeNumber(number);
      case Instant time -> json.writeString(time.toString());
      case Enum<?> one -> json.writeString(name(one));
      case Optional<?> optional -> {
        if (optional.isPresent()) {
          put(json, optional.get());
        } else {
          json.writeNull();
        }
      }
      case List<?> list -> {
        json.writeStartArray();
        for (Object element : list) {
          put(json, element);
        }
        json.writeEndArray();
      }
      case Map<?, ?> map -> {
        json.writeStartObject();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          json.writeFieldName(name((Enum<?>) entry.getKey()));
          put(json, entry.getValue());
        }
        json.writeEndObject();
      }
      case Record composed -> {
        json.writeStartObject();
        for (RecordComponent component : composed.getClass().getRecordComponents()) {
          json.writeFieldName(name(component));
          put(json, value(composed, component));
        }
        json.writeEndObject();
      }
      default -> throw new IllegalArgumentException("no JSON for " + value.getClass());
    }
  }

  private static Object value(Record composed, RecordComponent component) {
    try {
      return component.getAccessor().invoke(composed);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(component.toString(), e);
    }
  }

  private static String name(RecordComponent component) {
    return component.getName().replaceAll("[A-Z]", "_$0").toLowerCase(Locale.ROOT);
  }

  private static String name(Enum<?> one) {
    return one.name().toLowerCase(Locale.ROOT);
  }

  public static <T extends Record> T read(Class<T> type, InputStream in) throws IOException {
    try (JsonParser json = FACTORY.createParser(in)) {
      json.nextToken();
      return type.cast(record(json, type));
    } catch (DateTimeException | IllegalArgumentException | ArithmeticException e) {
      throw new IOException("not JSON of Postern: " + e.getMessage(), e);
    }
  }

  private static Object take(JsonParser json, Type type) throws IOException {
    if (type instanceof ParameterizedType generic) {
      Type[] of = generic.getActualTypeArguments();
      if (generic.getRawType() == Optional.class) {
        return json.currentToken() == JsonToken.VALUE_NULL
            ? Optional.empty()
            : Optional.of(take(json, of[0]));
      }
      return generic.getRawType() == List.class ? list(json, of[0]) : map(json, of[0], of[1]);
    }
    Class<?> plain = (Class<?>) type;
    if (plain.isRecord()) {
      return record(json, plain);
    }
    if (plain.isEnum()) {
      return constant(json.getText(), plain);
    }
    return switch (plain.getSimpleName()) {
      case "String" -> {
        expect(json, JsonToken.VALUE_STRING);
        yield json.getText();
      }
      case "boolean", "Boolean" -> json.getBooleanValue();
      case "int", "Integer" -> json.getIntValue();
      case "long", "Long" -> json.getLongValue();
      case "double", "Double" -> json.getDoubleValue();
      case "Instant" -> Instant.parse(json.getText());
      default -> throw new IllegalArgumentException("no JSON for " + type);
    };
  }

  private static Object constant(String text, Class<?> type) {
    return Arrays.stream(type.getEnumConstants())
        .filter(one -> name((Enum<?>) one).equals(text))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("unknown value: " + text));
  }

  private static List<Object> list(JsonParser json, Type of) throws IOException {
    expect(json, JsonToken.START_ARRAY);
    List<Object> list = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      list.add(take(json, of));
    }
    return list;
  }

  private static Map<Object, Object> map(JsonParser json, Type keys, Type values)
      throws IOException {
    expect(json, JsonToken.START_OBJECT);
    Map<Object, Object> map = new LinkedHashMap<>();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      Object key = constant(json.currentName(), (Class<?>) keys);
      json.nextToken();
      map.put(key, take(json, values));
    }
    return map;
  }

  private static Object record(JsonParser json, Class<?> type) throws IOException {
    expect(json, JsonToken.START_OBJECT);
    RecordComponent[] components = type.getRecordComponents();
    @Nullable Object[] values = new @Nullable Object[components.length];
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = json.currentName();
      json.nextToken();
      int i = 0;
      while (i < components.length && !name(components[i]).equals(name)) {
        i++;
      }
      if (i == components.length) {
        json.skipChildren();
      } else {
        values[i] = take(json, components[i].getGenericType());
      }
    }
    for (int i = 0; i < components.length; i++) {
      if (values[i] == null && components[i].getType() == Optional.class) {
        values[i] = Optional.empty();
      }
      if (values[i] == null) {
        throw new IllegalArgumentException(name(components[i]) + " is missing");
      }
    }
    try {
      Class<?>[] types =
          Arrays.stream(components).map(RecordComponent::getType).toArray(Class[]::new);
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      return constructor.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(type.getSimpleName(), e);
    }
  }

  private static void expect(JsonParser json, JsonToken token) throws IOException {
    if (json.currentToken() != token) {
      throw new IllegalArgumentException("unexpected " + json.currentToken());
    }
  }
}
