package org.postern.platform.socket;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** What a name stands for: the type of file that lstat(2) says. */
enum FileKind {
  SOCKET(0140000, "a socket"),
  SYMBOLIC_LINK(0120000, "a symbolic link"),
  REGULAR_FILE(0100000, "a regular file"),
  BLOCK_DEVICE(0060000, "a block device"),
  DIRECTORY(0040000, "a directory"),
  CHARACTER_DEVICE(0020000, "a character device"),
  FIFO(0010000, "a FIFO");

  private static final int TYPE = 0170000;

  private final int type;
  private final String words;

  FileKind(int type, String words) {
    this.type = type;
    this.words = words;
  }

  /**
   * Of the file that has this name; symbolic links are not followed.
   *
   * @throws java.nio.file.NoSuchFileException when nothing has this name
   */
  static FileKind of(Path path) throws IOException {
    int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    for (FileKind kind : values()) {
      if ((mode & TYPE) == kind.type) {
        return kind;
      }
    }
    throw new IOException(path + ": a file of unknown type");
  }

  /** For messages: with its article. */
  @Override
  public String toString() {
    return words;
  }
}
