package org.postern.program.setup;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postern.config.Configuration;
import org.postern.platform.text.ByteStrings;

/** Postern's units of systemd: those of a package, or made from those of the installation. */
public final class Units {
  private static final List<String> NAMES = List.of("postern.socket", "postern.service");

  /** The end of a unit's name while it is written: systemd takes no notice of it. */
  private static final String UNFINISHED = ".postern-new";

  private static final String MADE = "# Made by \"postern setup\", which takes it back.\n";

  private final Path folder;
  private final Path home;
  private final Map<String, String> replaced = new LinkedHashMap<>();

  /**
   * @param folder where an administrator's units are
   * @param home of the installation
   */
  public Units(Path folder, Path home, Configuration configuration) {
    this.folder = folder;
    this.home = home;
    replaced.put("/opt/postern", home.toString());
    replaced.put("/var/spool/postfix", configuration.queueDirectory().toString());
    replaced.put("User=postfix", "User=" + value(configuration, "mail_owner"));
    replaced.put("-/var/lib/postfix", "-" + value(configuration, "data_directory"));
  }

  private static String value(Configuration configuration, String parameter) {
    return ByteStrings.decode(configuration.get(parameter).orElse(""));
  }

  /** The files that {@link #write} writes. */
  public List<Path> files() {
    return NAMES.stream().map(folder::resolve).toList();
  }

  /**
   * Writes them for this installation.
   *
   * @throws java.nio.file.FileAlreadyExistsException for a file that is not of this command's
   */
  public void write() throws IOException {
    for (String name : NAMES) {
      String unit = Files.readString(home.resolve("systemd").resolve(name));
      for (Map.Entry<String, String> entry : replaced.entrySet()) {
        unit = unit.replace(entry.getKey(), entry.getValue());
      }
      write(folder.resolve(name), MADE + unit);
    }
  }

  /** Writes a unit whole, or leaves the folder as it is: the disk may be full. */
  private static void write(Path file, String unit) throws IOException {
    // What is there and not ours, a link of "systemctl mask" too, is the administrator's.
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !isMade(file)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    Path unfinished = Path.of(file + UNFINISHED);
    try {
      Files.deleteIfExists(unfinished);
      Files.writeString(unfinished, unit, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  private static boolean isMade(Path file) throws IOException {
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        && Files.readString(file).startsWith(MADE);
  }

  /** Those files that {@link #write} has written. */
  public List<Path> written() throws IOException {
    List<Path> written = new ArrayList<>();
    for (Path file : files()) {
      if (isMade(file)) {
        written.add(file);
      }
    }
    return written;
  }
}
