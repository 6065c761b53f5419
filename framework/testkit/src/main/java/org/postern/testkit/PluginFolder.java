package org.postern.testkit;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.postern.spi.Spi;

/** Compiles a plugin from source and lays it out as PF4J wants it. */
public final class PluginFolder {
  private final Path folder;

  private PluginFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * A plugin whose one driver serves a maptype and answers every key with a Java expression.
   *
   * @param answer of type String; {@code key} is a byte[]
   */
  public static PluginFolder answering(Path plugins, String id, String maptype, String answer)
      throws IOException {
    return compiled(
        plugins,
        id,
        """
        package example;
        import java.util.*;
        import org.postern.spi.*;
        public class P implements TablePlugin {
          public List<TableDriver> drivers() {
            return List.of(new TableDriver() {
              public Set<String> maptypes() { return Set.of("%s"); }
              public Table open(TableOpening opening) {
                return new Table() {
                  public int flags() { return TableFlags.FIXED; }
                  public LookupResult lookup(byte[] key, int flags) {
                    return new Found(String.valueOf(%s).getBytes());
                  }
                };
              }
            });
          }
        }
        """
            .formatted(maptype, answer));
  }

  /**
   * A plugin whose class is {@code example.P}.
   *
   * @param source of it, in Java
   */
  public static PluginFolder compiled(Path plugins, String id, String source) throws IOException {
    Path folder = Files.createDirectories(plugins.resolve(id));
    Path classes = Files.createDirectories(folder.resolve("classes"));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter problems = new StringWriter();
    boolean compiled =
        compiler
            .getTask(
                problems,
                null,
                null,
                List.of("-proc:none", "-classpath", spi().toString(), "-d", classes.toString()),
                null,
                List.of(
                    new SimpleJavaFileObject(
                        URI.create("string:///example/P.java"), SimpleJavaFileObject.Kind.SOURCE) {
                      @Override
                      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                      }
                    }))
            .call();
    if (!compiled) {
      throw new IOException(problems.toString());
    }
    PluginFolder plugin = new PluginFolder(folder);
    plugin.properties(id, "example.P", ">=1.0.0 & <2.0.0");
    return plugin;
  }

  private static Path spi() throws IOException {
    try {
      return Path.of(Spi.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  /** Where it is. */
  public Path path() {
    return folder;
  }

  /** Has another plugin.properties. */
  public PluginFolder properties(String id, String pluginClass, String requires)
      throws IOException {
    Files.writeString(
        folder.resolve("plugin.properties"),
        "plugin.id=%s\nplugin.version=1.2.3\nplugin.class=%s\nplugin.requires=%s\n"
            .formatted(id, pluginClass, requires));
    return this;
  }

  /** Makes a ZIP of it, and removes the folder. */
  public Path zipped() throws IOException {
    Path zip = folder.resolveSibling(folder.getFileName() + ".zip");
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files = all.sorted().toList();
    }
    try (ZipOutputStream out =
        new ZipOutputStream(Files.newOutputStream(zip), StandardCharsets.UTF_8)) {
      for (Path file : files) {
        if (Files.isRegularFile(file)) {
          out.putNextEntry(new ZipEntry(folder.relativize(file).toString()));
          Files.copy(file, out);
          out.closeEntry();
        }
      }
    }
    for (Path file : files.reversed()) {
      Files.delete(file);
    }
    return zip;
  }
}
