package org.postern.program.daemon;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A browser without a window, with one page, which is told what to do by its DevTools protocol. */
final class Chromium implements AutoCloseable {
  private static final Path PROGRAM = Path.of("/usr/bin/chromium");
  private static final Pattern PORT = Pattern.compile("DevTools listening on ws://([^/]+)/");
  private static final Pattern PAGE =
      Pattern.compile("\"type\":\\s*\"page\"[^}]*\"webSocketDebuggerUrl\":\\s*\"([^\"]+)\"");
  private static final JsonFactory JSON = new JsonFactory();

  private final Process process;
  private final WebSocket page;
  private final LinkedBlockingQueue<String> messages = new LinkedBlockingQueue<>();
  private int commands;

  /**
   * Starts it.
   *
   * @param profile an empty directory
   */
  Chromium(Path profile) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
                PROGRAM.toString(),
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    // Where it makes folders that it leaves behind.
    builder.environment().put("TMPDIR", profile.toString());
    process = builder.start();
    HttpClient http = HttpClient.newHttpClient();
    page =
        http.newWebSocketBuilder()
            .buildAsync(URI.create(pageUrl(http, address())), new Messages())
            .get(30, TimeUnit.SECONDS);
    command("Page.enable", "");
    command("Runtime.enable", "");
  }

  private String address() throws IOException {
    BufferedReader err = process.errorReader(StandardCharsets.UTF_8);
    for (String line = err.readLine(); line != null; line = err.readLine()) {
      Matcher listening = PORT.matcher(line);
      if (listening.find()) {
        // Else it would stop when the pipe is full.
        Thread.ofVirtual().start(() -> err.lines().forEach(_ -> {}));
        return listening.group(1);
      }
    }
    throw new IOException("Chromium did not start");
  }

  private static String pageUrl(HttpClient http, String address) throws Exception {
    URI list = URI.create("http://" + address + "/json/list");
    for (int i = 0; i < 100; i++) {
      String pages =
          http.send(HttpRequest.newBuilder(list).build(), HttpResponse.BodyHandlers.ofString())
              .body();
      Matcher url = PAGE.matcher(pages);
      if (url.find()) {
        return url.group(1);
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    throw new IOException("Chromium has no page");
  }

  /** Puts the parts of messages together. */
  private final class Messages implements WebSocket.Listener {
    private final StringBuilder message = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      message.append(data);
      if (last) {
        messages.add(message.toString());
        message.setLength(0);
      }
      socket.request(1);
      return null;
    }
  }

  private String command(String method, String parameters) throws Exception {
    int id = ++commands;
    page.sendText(
            "{\"id\":%d,\"method\":\"%s\",\"params\":{%s}}".formatted(id, method, parameters), true)
        .get(30, TimeUnit.SECONDS);
    while (true) {
      String message = messages.poll(30, TimeUnit.SECONDS);
      if (message == null) {
        throw new IOException("Chromium does not answer " + method);
      }
      if (message.startsWith("{\"id\":" + id + ",")) {
        if (message.startsWith("\"error\"", message.indexOf(',') + 1)) {
          throw new IOException(method + ": " + message);
        }
        return message;
      }
    }
  }

  /** Goes to a page. */
  void open(String url) throws Exception {
    command("Page.navigate", "\"url\":" + quoted(url));
  }

  /** Has the window a size, as a phone of this size if it is a small one. */
  void size(int width, int height) throws Exception {
    command(
        "Emulation.setDeviceMetricsOverride",
        "\"width\":%d,\"height\":%d,\"deviceScaleFactor\":1,\"mobile\":%b"
            .formatted(width, height, width < 600));
  }

  /** Presses a key that makes no character, or space or enter. */
  void press(String key, String code, int number, String text) throws Exception {
    String which =
        "\"key\":%s,\"code\":%s,\"windowsVirtualKeyCode\":%d"
            .formatted(quoted(key), quoted(code), number);
    command(
        "Input.dispatchKeyEvent",
        "\"type\":\"keyDown\"," + which + (text.isEmpty() ? "" : ",\"text\":" + quoted(text)));
    command("Input.dispatchKeyEvent", "\"type\":\"keyUp\"," + which);
  }

  /**
   * The value of an expression of JavaScript in the page.
   *
   * @return as a string
   */
  String value(String expression) throws Exception {
    String message =
        command(
            "Runtime.evaluate",
            "\"returnByValue\":true,\"expression\":" + quoted("String(" + expression + ")"));
    try (JsonParser json = JSON.createParser(message)) {
      while (json.nextToken() != null) {
        if (json.currentToken() == JsonToken.FIELD_NAME && json.currentName().equals("value")) {
          return json.nextTextValue();
        }
      }
    }
    throw new IOException(expression + ": " + message);
  }

  /** The values of an expression of an array, without line breaks in any. */
  List<String> values(String expression) throws Exception {
    return List.of(value(expression + ".join(\"\\n\")").split("\n", -1));
  }

  private static String quoted(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    process.onExit().join();
  }
}
