package org.postern.platform.libc;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Optional;

/**
 * Native libraries that a plugin brings as files, in the folder {@code native} beside its {@code
 * lib}. Libraries for Java that carry theirs in an archive unpack it for each process into the
 * directory of temporary files: which may be mounted noexec, and where a killed process leaves it.
 */
public final class NativeLibraries {
  private NativeLibraries() {}

  /**
   * Tells a library for Java where its native one is, unless somebody has done so.
   *
   * @param property the system property that it reads
   * @param user a class of an archive that this plugin alone brings
   * @param file the library's name, or empty for the folder itself
   */
  public static void tell(String property, Class<?> user, String file) {
    if (System.getProperty(property) == null) {
      folder(user)
          .map(folder -> folder.resolve(file))
          .filter(Files::exists)
          .ifPresent(path -> System.setProperty(property, path.toString()));
    }
  }

  /** Empty where the class is in no plugin, as in a test. */
  private static Optional<Path> folder(Class<?> user) {
    CodeSource source = user.getProtectionDomain().getCodeSource();
    if (source == null) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(Path.of(source.getLocation().toURI()).getParent())
          .map(lib -> lib.resolveSibling("native"));
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}
