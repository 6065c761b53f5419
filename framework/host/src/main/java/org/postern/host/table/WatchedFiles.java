package org.postern.host.table;

import static java.time.temporal.ChronoUnit.SECONDS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The files that one opening of a table read, and what they were just before. A file is told from
 * another by device, inode, size and times, to the nanosecond where the file system has it.
 */
final class WatchedFiles {
  private static final Map<String, Object> ABSENT = Map.of();
  private static final String FILE = "unix:dev,ino";
  private static final String FILE_AND_CONTENT = "unix:dev,ino,size,lastModifiedTime,ctime";

  private final Map<Path, Noted> before = new LinkedHashMap<>();

  /** What a file was, as far as that matters. */
  private record Noted(String attributes, Map<String, Object> values) {
    static Noted of(Path file, String attributes) {
      return new Noted(attributes, identity(file, attributes));
    }

    String shown() {
      if (values.equals(ABSENT)) {
        return ", which was not there";
      }
      return values.get("lastModifiedTime") instanceof FileTime time
          ? ", %s bytes, of %s".formatted(values.get("size"), time.toInstant().truncatedTo(SECONDS))
          : "";
    }
  }

  /** Notes what the file is now. */
  void add(Path file) {
    before.put(file, Noted.of(file, FILE_AND_CONTENT));
  }

  /** Notes which file has this name now, whatever becomes of its content. */
  void addName(Path file) {
    before.put(file, Noted.of(file, FILE));
  }

  /** The files as they were, a line for each: for an operator. */
  List<String> shown() {
    return before.entrySet().stream().map(file -> file.getKey() + file.getValue().shown()).toList();
  }

  /** Whether any of the files is not what it was. */
  boolean changed() {
    return before.entrySet().stream()
        .anyMatch(
            file -> !Noted.of(file.getKey(), file.getValue().attributes()).equals(file.getValue()));
  }

  private static Map<String, Object> identity(Path file, String attributes) {
    try {
      return Files.readAttributes(file, attributes);
    } catch (IOException absentOrUnreadable) {
      return ABSENT;
    }
  }
}
