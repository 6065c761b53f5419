package org.postern.config;

import java.nio.file.Path;

/** Where a parameter got its value. Its {@code toString} is fit for a message. */
public sealed interface Origin {

  /**
   * A line of main.cf or postern.cf.
   *
   * @param line where the setting begins, counted from 1
   */
  record InFile(Path file, int line) implements Origin {
    @Override
    public String toString() {
      return file + ", line " + line;
    }
  }

  /** {@code -o name=value}. */
  record CommandLine() implements Origin {
    @Override
    public String toString() {
      return "-o";
    }
  }

  /** Nobody set it. */
  record Default() implements Origin {
    @Override
    public String toString() {
      return "default";
    }
  }
}
