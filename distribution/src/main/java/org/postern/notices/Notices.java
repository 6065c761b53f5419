package org.postern.notices;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * Writes one file with the notices of all libraries of an installation: whose each is, under which
 * license, and every license and notice that is in its archive. Where an archive has no license in
 * it, its text comes from the copyright file or a folder of texts. A library that nothing is known
 * of ends the build.
 */
public final class Notices {
  private static final Pattern TEXT =
      Pattern.compile("(.*/)?(LICEN[SC]E|NOTICE|COPYING|COPYRIGHT)[^/]*", Pattern.CASE_INSENSITIVE);

  private static final Pattern LICENSE =
      Pattern.compile("(.*/)?(LICEN[SC]E|COPYING)[^/]*", Pattern.CASE_INSENSITIVE);

  private final CopyrightFile copyright;
  private final Path licenses;

  /** Each text once, with its number. */
  private final Map<String, Integer> texts = new LinkedHashMap<>();

  private Notices(CopyrightFile copyright, Path licenses) {
    this.copyright = copyright;
    this.licenses = licenses;
  }

  /**
   * Makes the file.
   *
   * @param args the installation, the copyright file, a folder with a file for each license of
   *     which the text is not in the copyright file, the file to write
   */
  public static void main(String[] args) throws IOException {
    Notices notices = new Notices(CopyrightFile.read(Path.of(args[1])), Path.of(args[2]));
    Files.writeString(Path.of(args[3]), notices.of(Path.of(args[0])));
  }

  static String of(Path installation, Path copyright, Path licenses) throws IOException {
    return new Notices(CopyrightFile.read(copyright), licenses).of(installation);
  }

  private String of(Path installation) throws IOException {
    StringBuilder made = new StringBuilder();
    made.append(
        """
        What Postern brings along that others have made. Postern itself is under the Apache License 2.0,
        in the file LICENSE. The notices of the Java runtime are in runtime/legal of the installation.

        """);
    for (Map.Entry<String, Path> archive : archives(installation).entrySet()) {
      made.append(library(archive.getKey(), archive.getValue()));
    }
    texts.forEach((text, number) ->
        made.append("=".repeat(100)).append("\nText ").append(number).append("\n\n").append(text));
    return made.toString();
  }

  private static Map<String, Path> archives(Path installation) throws IOException {
    Map<String, Path> archives = new TreeMap<>();
    for (String folder : List.of("lib", "plugins")) {
      try (Stream<Path> files = Files.walk(installation.resolve(folder))) {
        files
            .filter(file -> file.toString().endsWith(".jar"))
            .forEach(file -> archives.put(String.valueOf(file.getFileName()), file));
      }
    }
    return archives;
  }

  private String library(String name, Path archive) throws IOException {
    CopyrightFile.Work work = copyright.work(name).orElse(null);
    if (work == null) {
      if (name.startsWith("postern-")) {
        return "";
      }
      throw new IOException(name + ": the copyright file does not say whose it is");
    }
    List<String> lines = new ArrayList<>();
    lines.add(name);
    lines.add("  Copyright: " + work.copyright().replaceAll("\\s+", " "));
    lines.add("  License: " + work.license());
    boolean licensed = false;
    try (JarFile jar = new JarFile(archive.toFile())) {
      for (ZipEntry entry : jar.stream().filter(Notices::isText).toList()) {
        String text = new String(jar.getInputStream(entry).readAllBytes(), UTF_8);
        lines.add("  " + entry.getName() + ": text " + number(text));
        licensed |= LICENSE.matcher(entry.getName()).matches();
      }
    }
    if (!licensed) {
      lines.addAll(known(name, work.license()));
    }
    return String.join("\n", lines) + "\n\n";
  }

  private static boolean isText(ZipEntry entry) {
    return TEXT.matcher(entry.getName()).matches() && !entry.getName().endsWith(".class");
  }

  /** One of several licenses is enough: who passes the library on has the choice. */
  private List<String> known(String library, String license) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String name : license.split(" or ", -1)) {
      Path file = licenses.resolve(name);
      String text = Files.exists(file) ? Files.readString(file) : copyright.texts().get(name);
      if (text != null) {
        lines.add("  " + name + ": text " + number(text));
      }
    }
    if (lines.isEmpty()) {
      throw new IOException(
          library + ": there is no text of " + license + " in it or in " + licenses);
    }
    return lines;
  }

  private int number(String text) {
    return texts.computeIfAbsent(text.strip() + "\n\n", _ -> texts.size() + 1);
  }
}
