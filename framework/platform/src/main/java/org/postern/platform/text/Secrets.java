package org.postern.platform.text;

import java.util.regex.Pattern;

/**
 * Leaves secrets out of a text that goes to the log, or to an operator's screen: what is said of a
 * failure may quote a setting or an address with its password.
 */
public final class Secrets {
  private static final String HIDDEN = "***";

  /**
   * {@code password=…}, {@code "password": "…"}, quoted or up to white space, a semicolon or an
   * ampersand.
   */
  private static final Pattern SETTING =
      Pattern.compile(
          "(?i)((?:password|passwd|passphrase|pwd|pw|secret|token|api[_-]?key)"
              + "(?:\\\\?[\"'])?\\s*(?:=|(?<=[\"'])\\s*:)\\s*)"
              + "(?:\\\\?\"[^\"\\\\]*\\\\?\"|'[^']*'|[^\\s;&\"']+)");

  /** {@code scheme://user:password@host}, up to the last @ of the word. */
  private static final Pattern ADDRESS = Pattern.compile("(://[^\\s:/@\"']*:)[^\\s\"']*@");

  private Secrets() {}

  /** The text, with three asterisks in the place of each secret. */
  public static String hidden(String text) {
    String settings =
        text.indexOf('=') < 0 && text.indexOf(':') < 0
            ? text
            : SETTING.matcher(text).replaceAll("$1" + HIDDEN);
    return settings.contains("://")
        ? ADDRESS.matcher(settings).replaceAll("$1" + HIDDEN + "@")
        : settings;
  }
}
