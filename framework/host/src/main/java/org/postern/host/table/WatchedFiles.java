package org.postern.host.table;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The files that one opening of a table read, and what they were just before. A file is told from
 * another by device, inode, size and times, to the nanosecond where the file system has it.
 */
final class WatchedFiles {
  private static final Map<String, Object> ABSENT = Map.of();

  private final Map<Path, Map<String, Object>> before = new LinkedHashMap<>();

  /** Notes what the file is now. */
  void add(Path file) {
    before.put(file, identity(file));
  }

  /** Whether any of the files is not what it was. */
  boolean changed() {
    return before.entrySet().stream()
        .anyMatch(file -> !identity(file.getKey()).equals(file.getValue()));
  }

  private static Map<String, Object> identity(Path file) {
    try {
      return Files.readAttributes(file, "unix:dev,ino,size,lastModifiedTime,ctime");
    } catch (IOException absentOrUnreadable) {
      return ABSENT;
    }
  }
}
