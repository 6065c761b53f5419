package org.postern.program.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;

/** Where {@code postern top} shows what it sees. */
sealed interface Screen extends AutoCloseable permits Terminal, Paper {

  /** A terminal, if standard input and output are one. */
  static Screen open(PrintWriter out) throws IOException, InterruptedException {
    return Terminal.isThere() ? Terminal.open() : new Paper(out);
  }

  /** Shows lines in the place of those before. */
  void show(List<String> lines) throws IOException, InterruptedException;

  /** Waits, and tells whether somebody has asked to end meanwhile. */
  boolean isAskedToEnd(long milliseconds) throws IOException, InterruptedException;

  @Override
  void close();
}
