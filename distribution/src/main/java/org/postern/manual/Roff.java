package org.postern.manual;

import java.util.Locale;

/**
 * A manual page in the language of man(7), so plain that groff and mandoc read it without a
 * warning. Words of a text come as {@link RoffText} has made them.
 */
final class Roff {
  private static final int WIDTH = 78;

  private final StringBuilder page = new StringBuilder();

  /** Whether a paragraph would begin right after a heading or a term, which is none. */
  private boolean fresh = true;

  void title(String name, String section, String date, String version) {
    request("TH", name.toUpperCase(Locale.ROOT), section, date, version, "Postern");
  }

  void heading(String text) {
    request("SH", text);
    fresh = true;
  }

  void subheading(String text) {
    request("SS", text);
    fresh = true;
  }

  void paragraph(String text) {
    if (!fresh) {
      request("PP");
    }
    fresh = false;
    filled(text);
  }

  /** What is said next, belongs to this. */
  void term(String text) {
    request("TP");
    line(text);
    fresh = true;
  }

  /** What is said next, belongs to a mark such as a bullet. */
  void item(String mark) {
    request("IP", mark, "3");
    fresh = true;
  }

  /** Until {@link #outdent}, all belongs to the last term or item. */
  void indent() {
    request("RS");
    fresh = false;
  }

  void outdent() {
    request("RE");
    fresh = false;
  }

  /** Lines as they are typed or printed. */
  void verbatim(String lines) {
    if (!fresh) {
      request("PP");
    }
    request("RS", "4");
    request("EX");
    lines.stripTrailing().lines().forEach(line -> line(RoffText.code(line)));
    request("EE");
    request("RE");
    fresh = false;
  }

  private void filled(String text) {
    StringBuilder line = new StringBuilder();
    for (String word : text.split("[ \n]+", -1)) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > WIDTH) {
        line(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    line(line.toString());
  }

  /** A line of text, also where it begins as a request would. */
  private void line(String text) {
    boolean isRequest = text.startsWith(".") || text.startsWith("'");
    page.append(isRequest ? "\\&" : "").append(text).append('\n');
  }

  private void request(String name, String... arguments) {
    page.append('.').append(name);
    for (String argument : arguments) {
      boolean plain = argument.matches("[^ \"]+");
      page.append(' ').append(plain ? argument : '"' + argument.replace("\"", "\\(dq") + '"');
    }
    page.append('\n');
  }

  @Override
  public String toString() {
    return page.toString();
  }
}
