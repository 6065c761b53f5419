package org.postern.platform.text;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Says what the system said of a file, in strerror(3)'s words. */
public final class FileTrouble {

  private FileTrouble() {}

  /** What an exception has to say, without its class. */
  public static String words(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "No such file or directory";
      case AccessDeniedException _ -> "Permission denied";
      case FileSystemException trouble when trouble.getReason() != null -> trouble.getReason();
      default -> String.valueOf(e.getMessage());
    };
  }
}
