package org.postern.program.command;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postern.platform.text.ByteStrings;

/**
 * A terminal, by ANSI escape sequences (ECMA-48) and stty(1): on its other screen, with keys that
 * are read as they are pressed. When it is closed, or the process is ended, it is as it was.
 */
final class Terminal implements Screen {
  private static final String ESCAPE = "\u001b[";
  private static final String OTHER_SCREEN = ESCAPE + "?1049h" + ESCAPE + "?25l";
  private static final String OWN_SCREEN = ESCAPE + "?25h" + ESCAPE + "?1049l";
  private static final String TOP = ESCAPE + "H";
  private static final String REST_OF_LINE = ESCAPE + "K";
  private static final String REST_OF_SCREEN = ESCAPE + "J";
  private static final File DEVICE = new File("/dev/tty");
  private static final int LOOK = 50;

  private final PrintWriter out;
  private final String before;
  private final Thread atEnd = new Thread(this::restore);

  private Terminal(PrintWriter out, String before) {
    this.out = out;
    this.before = before;
  }

  /** Whether standard input and output are one. */
  static boolean isThere() {
    return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
  }

  /** Takes it over. Its own sequences go there directly, and what is shown is made visible. */
  static Terminal open() throws IOException, InterruptedException {
    PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    Terminal terminal = new Terminal(out, stty("-g"));
    Runtime.getRuntime().addShutdownHook(terminal.atEnd);
    stty("-icanon", "-echo", "min", "0");
    out.print(OTHER_SCREEN);
    return terminal;
  }

  private static String stty(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("stty"));
    command.addAll(List.of(arguments));
    Process stty = new ProcessBuilder(command).redirectInput(DEVICE).start();
    String printed = new String(stty.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    stty.waitFor();
    return printed.strip();
  }

  @Override
  public void show(List<String> lines) throws IOException, InterruptedException {
    String[] size = stty("size").split(" ", 2);
    int rows = size.length == 2 ? Integer.parseInt(size[0]) : 24;
    int columns = size.length == 2 ? Integer.parseInt(size[1]) : 80;
    StringBuilder screen = new StringBuilder(TOP);
    for (int i = 0; i < Math.min(rows - 1, lines.size()); i++) {
      String line = ByteStrings.visible(lines.get(i));
      screen.append(line, 0, Math.min(columns, line.length())).append(REST_OF_LINE).append("\r\n");
    }
    out.print(screen.append(REST_OF_SCREEN));
    out.flush();
  }

  @Override
  public boolean isAskedToEnd(long milliseconds) throws IOException, InterruptedException {
    long end = System.nanoTime() + milliseconds * 1_000_000;
    while (System.nanoTime() < end) {
      while (System.in.available() > 0) {
        int key = System.in.read();
        if (key == 'q' || key == 'Q') {
          return true;
        }
      }
      Thread.sleep(LOOK);
    }
    return false;
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(atEnd);
    restore();
  }

  private void restore() {
    out.print(OWN_SCREEN);
    out.flush();
    try {
      stty(before);
    } catch (IOException e) {
      out.println("stty: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
