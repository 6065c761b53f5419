package org.postern.loader;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.postern.spi.Since;
import org.postern.spi.Spi;

/**
 * What of the spi a plugin's classes refer to, since which version that has been there, and which
 * of them would end the process: read from the class files, none of which is loaded.
 */
final class SpiUse {
  /** Before the classes and methods of later ones said so. */
  static final String FIRST = "1.0.0";

  private static final String SPI = Spi.class.getPackageName().replace('.', '/') + '/';
  private static final byte[] MENTION = SPI.getBytes(StandardCharsets.US_ASCII);

  private String version = FIRST;
  private String what = "the spi";
  private final Set<String> ending = new HashSet<>();

  private SpiUse() {}

  /** The version that the plugin needs. */
  String version() {
    return version;
  }

  /** What it uses of it. */
  String what() {
    return what;
  }

  /** The classes with calls that end the process: {@link NoExit}. */
  Set<String> ending() {
    return ending;
  }

  /** Looks through a plugin's folder: its classes, and the archives in its lib/. */
  static SpiUse of(Path folder) throws IOException {
    SpiUse use = new SpiUse();
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files = all.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      String name = file.toString();
      if (name.endsWith(".class")) {
        use.look(Files.readAllBytes(file));
      } else if (name.endsWith(".jar")) {
        use.lookInto(file);
      }
    }
    return use;
  }

  private void lookInto(Path archive) throws IOException {
    try (ZipFile jar = new ZipFile(archive.toFile())) {
      for (ZipEntry entry : Collections.list(jar.entries())) {
        if (entry.getName().endsWith(".class")) {
          try (InputStream in = jar.getInputStream(entry)) {
            look(in.readAllBytes());
          }
        }
      }
    }
  }

  private void look(byte[] classFile) {
    try {
      NoExit.ending(classFile).ifPresent(ending::add);
    } catch (IllegalArgumentException e) {
      // Not a class file that this Java knows: loading it will say so.
    }
    if (!mentionsSpi(classFile)) {
      return;
    }
    try {
      for (PoolEntry entry : ClassFile.of().parse(classFile).constantPool()) {
        switch (entry) {
          case ClassEntry used -> lookAtClass(used.asInternalName());
          case MemberRefEntry used ->
              lookAtMember(
                  used.owner().asInternalName(),
                  used.name().stringValue(),
                  used.type().stringValue());
          default -> {}
        }
      }
    } catch (IllegalArgumentException e) {
      // Not a class file that this Java knows: loading it will say so.
    }
  }

  private static boolean mentionsSpi(byte[] classFile) {
    for (int i = 0; i + MENTION.length <= classFile.length; i++) {
      if (classFile[i] == MENTION[0]
          && Arrays.equals(classFile, i, i + MENTION.length, MENTION, 0, MENTION.length)) {
        return true;
      }
    }
    return false;
  }

  private void lookAtClass(String internalName) {
    Class<?> used = spiClass(internalName);
    if (used != null) {
      note(used, used.getSimpleName());
    }
  }

  private void lookAtMember(String owner, String name, String descriptor) {
    Class<?> type = spiClass(owner);
    if (type == null) {
      return;
    }
    Optional<Method> used =
        Arrays.stream(type.getMethods())
            .filter(method -> method.getName().equals(name))
            .filter(method -> descriptor(method).equals(descriptor))
            .findFirst();
    used.ifPresent(method -> note(method, type.getSimpleName() + '.' + name + "()"));
  }

  private static String descriptor(Method method) {
    return java.lang.invoke.MethodType.methodType(
            method.getReturnType(), method.getParameterTypes())
        .descriptorString();
  }

  private void note(AnnotatedElement used, String name) {
    Since since = used.getAnnotation(Since.class);
    if (since != null && compare(since.value() + ".0", version) > 0) {
      version = since.value() + ".0";
      what = name;
    }
  }

  /** Of versions with numbers that are below ten. */
  private static int compare(String one, String other) {
    return one.compareTo(other);
  }

  private static @Nullable Class<?> spiClass(String internalName) {
    if (!internalName.startsWith(SPI)) {
      return null;
    }
    try {
      return Class.forName(internalName.replace('/', '.'), false, Spi.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      return null; // of a later spi: loading says so
    }
  }
}
