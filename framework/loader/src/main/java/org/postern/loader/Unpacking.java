package org.postern.loader;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where ZIPs are unpacked: a folder for each, named by the hash of its content, in a place that
 * belongs to this process's user alone. So what is served is what is in the ZIP now, whoever has
 * unpacked what before. A server holds a lock on those that it uses; others are removed.
 */
public final class Unpacking {
  private static final Logger LOG = LoggerFactory.getLogger(Unpacking.class);
  private static final String HASH = "[0-9a-f]{64}";
  private static final FileAttribute<?> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final Path place;
  private final boolean temporary;

  /** Held until the process ends. */
  private final List<FileChannel> locks = new ArrayList<>();

  private final Set<Path> used = new HashSet<>();

  private Unpacking(Path place, boolean temporary) {
    this.place = place;
    this.temporary = temporary;
  }

  /** A server's: made when there is something to unpack. */
  public static Unpacking into(Path place) {
    return new Unpacking(place, false);
  }

  /** A command's: a new directory for temporary files, which goes when the command ends. */
  public static Unpacking temporary() {
    return new Unpacking(Path.of(System.getProperty("java.io.tmpdir", "/tmp")), true);
  }

  /**
   * Unpacks a ZIP, unless that has been done.
   *
   * @return the folder
   */
  Path unpack(Path zip) throws IOException, PluginUnusableException {
    if (temporary) {
      Path folder = Files.createTempDirectory(place, "postern-plugin-", PRIVATE);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> removeQuietly(folder)));
      extract(zip, folder);
      return folder;
    }
    SafeFiles.checkWithAncestors(createdPlace());
    String hash = hash(zip);
    try (FileChannel whole = lockFile("lock")) {
      FileLock _ = whole.lock();
      share(hash);
      Path folder = place.resolve(hash);
      if (!Files.isDirectory(folder)) {
        Path unfinished = place.resolve(hash + ".new");
        remove(unfinished);
        Files.createDirectory(unfinished, PRIVATE);
        try {
          extract(zip, unfinished);
        } catch (IOException e) {
          removeQuietly(unfinished);
          throw e;
        }
        Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
      }
      used.add(folder);
      return folder;
    }
  }

  /** Removes what no server uses any more. */
  void removeStale() {
    if (temporary || !Files.isDirectory(place)) {
      return;
    }
    try (FileChannel whole = lockFile("lock");
        Stream<Path> folders = Files.list(place)) {
      FileLock _ = whole.lock();
      for (Path folder : folders.toList()) {
        String name = String.valueOf(folder.getFileName());
        if (name.endsWith(".new")
            || (name.matches(HASH) && !used.contains(folder) && isUnused(name))) {
          remove(folder);
          Files.deleteIfExists(place.resolve(name + ".lock"));
        }
      }
    } catch (IOException | UncheckedIOException | OverlappingFileLockException e) {
      LOG.warn("{}: cannot remove what no plugin needs any more: {}", place, e.toString());
    }
  }

  private Path createdPlace() throws IOException {
    if (!Files.isDirectory(place)) {
      Files.createDirectories(place, PRIVATE);
    }
    return place;
  }

  private FileChannel lockFile(String name) throws IOException {
    return FileChannel.open(
        place.resolve(name),
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  private void share(String hash) throws IOException {
    FileChannel channel = lockFile(hash + ".lock");
    try {
      FileLock _ = channel.lock(0, Long.MAX_VALUE, true);
    } catch (OverlappingFileLockException heldByThisProcess) {
      LOG.debug("{} is in use already", hash);
    }
    locks.add(channel);
  }

  private boolean isUnused(String hash) throws IOException {
    try (FileChannel channel = lockFile(hash + ".lock");
        FileLock lock = channel.tryLock()) {
      return lock != null;
    } catch (OverlappingFileLockException heldByThisProcess) {
      return false;
    }
  }

  private static String hash(Path zip) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (InputStream in = new DigestInputStream(Files.newInputStream(zip), digest)) {
        in.transferTo(java.io.OutputStream.nullOutputStream());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // each Java has it
    }
  }

  private static void extract(Path zip, Path folder) throws IOException {
    try (ZipFile archive = new ZipFile(zip.toFile())) {
      for (ZipEntry entry : Collections.list(archive.entries())) {
        Path target = folder.resolve(entry.getName()).normalize();
        if (!target.startsWith(folder)) {
          throw new IOException("it has a file outside itself: " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(target, PRIVATE);
        } else {
          Path parent = target.getParent();
          Files.createDirectories(parent == null ? folder : parent, PRIVATE);
          try (InputStream in = archive.getInputStream(entry)) {
            Files.copy(in, target);
          }
        }
      }
    }
  }

  private static void removeQuietly(Path folder) {
    try {
      remove(folder);
    } catch (IOException | UncheckedIOException e) {
      LOG.debug("{} stays: {}", folder, e.toString());
    }
  }

  /** Removes a folder and what is in it; symbolic links as such. */
  private static void remove(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> files = Files.walk(folder)) {
      all = files.toList();
    }
    for (Path file : all.reversed()) {
      Files.delete(file);
    }
  }
}
