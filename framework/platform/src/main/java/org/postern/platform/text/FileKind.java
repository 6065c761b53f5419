package org.postern.platform.text;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What a file is, as far as its first bytes tell: for a message about one of another type. */
public enum FileKind {
  DIRECTORY("a directory"),
  EMPTY("empty"),
  HASH("a Berkeley DB hash file: write hash: before its name"),
  BTREE("a Berkeley DB btree file: write btree: before its name"),
  LMDB("an LMDB file: write lmdb: before its name, less .lmdb"),
  SQLITE("an SQLite database: a table of the type sqlite names it in its .cf file"),
  CDB("a cdb file: write cdb: before its name, less .cdb"),
  COMPRESSED("compressed: unpack it first"),
  TEXT("text: make a table of it with postmap(1) or \"postern map\"");

  private static final int START = 4096;
  private static final int HASH_MAGIC = 0x061561;
  private static final int BTREE_MAGIC = 0x053162;
  private static final int LMDB_MAGIC = 0xBEEFC0DE;
  private static final int CDB_HEADER = 2048;
  private static final int CDB_TABLES = 256;
  private static final String SQLITE_MAGIC = "SQLite format 3\0";

  private final String words;

  FileKind(String words) {
    this.words = words;
  }

  /** What to say of it after "it is". */
  public String words() {
    return words;
  }

  /** The kind of a file; empty when it cannot be told, or the file cannot be read. */
  public static Optional<FileKind> of(Path path) {
    try {
      if (Files.isDirectory(path)) {
        return Optional.of(DIRECTORY);
      }
      if (!Files.isRegularFile(path)) {
        return Optional.empty();
      }
      try (InputStream input = Files.newInputStream(path)) {
        return of(input.readNBytes(START), Files.size(path));
      }
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * What can be added to a message about a file that is not what it should be.
   *
   * @param expected what it should be
   * @return {@code ; it is …}, or nothing
   */
  public static String otherThan(FileKind expected, Path path) {
    return of(path)
        .filter(kind -> kind != expected)
        .map(kind -> "; it is " + kind.words)
        .orElse("");
  }

  /**
   * What is to be said of a file that is read as text and is something else.
   *
   * @param start its first bytes
   * @param size how many it has, if these are all
   * @return {@code it is …}; empty when it may be text
   */
  public static Optional<String> otherThanText(byte[] start, long size) {
    return of(start, size)
        .filter(kind -> kind != TEXT && kind != EMPTY)
        .map(kind -> "it is " + kind.words);
  }

  private static Optional<FileKind> of(byte[] start, long size) {
    ByteBuffer bytes = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN);
    if (start.length == 0) {
      return Optional.of(EMPTY);
    }
    if (start.length >= 24) {
      int magic = bytes.getInt(12);
      if (magic == HASH_MAGIC || Integer.reverseBytes(magic) == HASH_MAGIC) {
        return Optional.of(HASH);
      }
      if (magic == BTREE_MAGIC || Integer.reverseBytes(magic) == BTREE_MAGIC) {
        return Optional.of(BTREE);
      }
      if (bytes.getInt(16) == LMDB_MAGIC || Integer.reverseBytes(bytes.getInt(16)) == LMDB_MAGIC) {
        return Optional.of(LMDB);
      }
    }
    String text = new String(start, ISO_8859_1);
    if (text.startsWith(SQLITE_MAGIC)) {
      return Optional.of(SQLITE);
    }
    if (text.startsWith("\u001f\u008b")
        || text.startsWith("BZh")
        || text.startsWith("\u00fd7zXZ")
        || text.startsWith("(\u00b5/\u00fd")
        || text.startsWith("PK\u0003\u0004")) {
      return Optional.of(COMPRESSED);
    }
    if (text.chars().allMatch(FileKind::isText)) {
      return Optional.of(TEXT);
    }
    return isCdb(bytes, size) ? Optional.of(CDB) : Optional.empty();
  }

  private static boolean isText(int c) {
    return c >= ' ' || c == '\t' || c == '\n' || c == '\r';
  }

  /** A cdb file has no magic number, but its tables are one after the other, up to its end. */
  private static boolean isCdb(ByteBuffer start, long size) {
    if (start.limit() < CDB_HEADER) {
      return false;
    }
    long end = -1;
    for (int i = 0; i < CDB_TABLES; i++) {
      long at = Integer.toUnsignedLong(start.getInt(i * 8));
      if (at < CDB_HEADER || (end >= 0 && at != end)) {
        return false;
      }
      end = at + Integer.toUnsignedLong(start.getInt(i * 8 + 4)) * 8;
    }
    return end == size;
  }
}
