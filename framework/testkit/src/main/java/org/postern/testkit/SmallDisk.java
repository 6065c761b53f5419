package org.postern.testkit;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file system with little room, in memory, for tests of what becomes of files when a disk is
 * full. It is there until it is closed. The test is skipped where it cannot be mounted.
 */
public final class SmallDisk implements AutoCloseable {
  private static final int BLOCK = 4096;

  private final Path directory;
  private final Path others;

  private SmallDisk(Path directory) {
    this.directory = directory;
    this.others = directory.resolve("files-of-others");
  }

  /**
   * Mounts one.
   *
   * @param parent where its mount point is made: the test's own directory
   * @param size bytes
   */
  public static SmallDisk mount(Path parent, long size) throws IOException {
    Prerequisite.MOUNT.mustBeHere();
    Path directory = Files.createDirectory(parent.resolve("small-disk"));
    run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", directory.toString());
    return new SmallDisk(directory);
  }

  /** Where it is mounted. */
  public Path directory() {
    return directory;
  }

  /** How many bytes there is room for. */
  public long room() throws IOException {
    return Files.getFileStore(directory).getUsableSpace();
  }

  /** Has somebody else take all of the room but so many bytes, in whole blocks. */
  public void leaveRoom(long bytes) throws IOException {
    try (OutputStream out =
        Files.newOutputStream(others, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      byte[] block = new byte[BLOCK];
      while (room() >= bytes + BLOCK) {
        out.write(block);
      }
    }
  }

  /** Has somebody else give that back. */
  public void makeRoom() throws IOException {
    Files.newOutputStream(others).close(); // A process that was just started may have it open.
    Files.delete(others);
  }

  @Override
  public void close() throws IOException {
    run("umount", "--lazy", directory.toString());
  }

  private static void run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    int status;
    try {
      status = process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException(String.join(" ", command));
    }
    if (status != 0) {
      throw new IOException(String.join(" ", command) + ": " + said.strip());
    }
  }
}
