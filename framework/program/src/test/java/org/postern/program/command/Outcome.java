package org.postern.program.command;

import java.io.PrintWriter;
import java.io.StringWriter;

/** What a command, run in this process, has printed, and its exit status. */
record Outcome(int status, String out, String err) {

  /**
   * Runs a command.
   *
   * @param arguments its name first
   */
  static Outcome of(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status =
        Postern.commandLine(arguments)
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new Outcome(status, out.toString(), err.toString());
  }
}
