package org.postern.program.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Output that is no terminal: each time follows the one before, under the time of day. */
final class Paper implements Screen {
  private final PrintWriter out;

  Paper(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void show(List<String> lines) throws IOException {
    out.println("--- " + LocalDateTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS));
    lines.forEach(out::println);
    if (out.checkError()) {
      throw new IOException("cannot write to standard output");
    }
  }

  @Override
  public boolean isAskedToEnd(long milliseconds) throws InterruptedException {
    Thread.sleep(milliseconds);
    return false;
  }

  @Override
  public void close() {
    out.flush();
  }
}
