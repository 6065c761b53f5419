package org.postern.driver.sql.pgsql;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.sql.SQLException;

/** What an ErrorResponse says: PostgreSQL's manual, "Error and Notice Message Fields". */
final class ServerError {

  private ServerError() {}

  /**
   * The error that a message tells.
   *
   * @param body the message without its type and length
   */
  static SQLException of(byte[] body) {
    String state = "";
    String severity = "ERROR";
    String message = "";
    StringBuilder more = new StringBuilder();
    int at = 0;
    while (at < body.length && body[at] != 0) {
      int end = at + 1;
      while (end < body.length && body[end] != 0) {
        end++;
      }
      // For people: what is not UTF-8 may come as question marks.
      String text = new String(body, at + 1, end - at - 1, UTF_8);
      switch (body[at]) {
        case 'S' -> severity = text;
        case 'C' -> state = text;
        case 'M' -> message = text;
        case 'D' -> more.append(" Detail: ").append(text);
        case 'H' -> more.append(" Hint: ").append(text);
        case 'P' -> more.append(" Position: ").append(text);
        default -> {
          // Where in the server's source it was, and the like.
        }
      }
      at = end + 1;
    }
    return new SQLException(severity + ": " + message + more, state);
  }
}
