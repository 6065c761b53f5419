package org.postern.config;

import static java.time.temporal.ChronoUnit.SECONDS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The files that one reading of a table or of the configuration read, and what they were just
 * before. A file is told from another by device, inode, size and times, to the nanosecond where the
 * file system has it. For one thread at a time.
 */
public final class WatchedFiles {
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
  public void add(Path file) {
    before.put(file, Noted.of(file, FILE_AND_CONTENT));
  }

  /** Notes which file has this name now, whatever becomes of its content. */
  public void addName(Path file) {
    before.put(file, Noted.of(file, FILE));
  }

  /** Notes what others have noted. */
  public void addAll(WatchedFiles others) {
    before.putAll(others.before);
  }

  /** The same files, as they are now. */
  public WatchedFiles again() {
    WatchedFiles now = new WatchedFiles();
    before.forEach((file, noted) -> now.before.put(file, Noted.of(file, noted.attributes())));
    return now;
  }

  /** The files as they were, a line for each: for an operator. */
  public List<String> shown() {
    return before.entrySet().stream().map(file -> file.getKey() + file.getValue().shown()).toList();
  }

  /** Whether any of the files is not what it was. */
  public boolean changed() {
    return before.entrySet().stream().anyMatch(file -> isChanged(file.getKey(), file.getValue()));
  }

  /** Those of the files that are not what they were. */
  public List<Path> changedFiles() {
    return before.entrySet().stream()
        .filter(file -> isChanged(file.getKey(), file.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static boolean isChanged(Path file, Noted noted) {
    return !Noted.of(file, noted.attributes()).equals(noted);
  }

  private static Map<String, Object> identity(Path file, String attributes) {
    try {
      return Files.readAttributes(file, attributes);
    } catch (IOException absentOrUnreadable) {
      return ABSENT;
    }
  }
}
