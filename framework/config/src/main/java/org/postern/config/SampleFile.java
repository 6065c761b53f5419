package org.postern.config;

import java.util.List;

/** The text of the {@code postern.cf} that the distribution carries. */
final class SampleFile {
  private static final int WIDTH = 78;
  private static final String HEAD =
      """
      # Parameters of Postern: postern.cf(5). The place of this file is Postfix's
      # configuration directory, beside main.cf; uncomment what you want to change.
      # Postern reads main.cf first, then this file, then -o name=value. The syntax
      # is that of main.cf, postconf(5): a setting here overrides the same one in
      # main.cf, and Postfix's own parameters may stand here too, to hold for
      # Postern only.
      """;

  private SampleFile() {}

  static String of(List<PosternParameter> parameters) {
    StringBuilder text = new StringBuilder(HEAD);
    for (PosternParameter parameter : parameters) {
      text.append('\n');
      comment(text, parameter.meaning() + " " + parameter.detail());
      text.append('#').append(parameter.name()).append(" =");
      if (!parameter.defaultValue().isEmpty()) {
        text.append(' ').append(parameter.defaultValue());
      }
      text.append('\n');
    }
    return text.toString();
  }

  private static void comment(StringBuilder text, String words) {
    StringBuilder line = new StringBuilder("#");
    for (String word : words.split(" ", -1)) {
      if (line.length() + 1 + word.length() > WIDTH) {
        text.append(line).append('\n');
        line = new StringBuilder("#");
      }
      line.append(' ').append(word);
    }
    text.append(line).append('\n');
  }
}
