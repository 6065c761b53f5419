package org.postern.driver.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;
import org.postern.spi.TableUnavailableException;
import org.postern.tablekit.TableConfig;

/**
 * One server, as mysql_table(5) and pgsql_table(5) have it written: {@code unix:/file/name}, {@code
 * inet:host:port}, {@code host}, {@code [v6]:port}.
 *
 * @param written as the operator wrote it
 * @param host a name, an address or a path
 * @param port 0 when there is none
 * @param isPath whether it is a path
 */
public record HostName(String written, String host, int port, boolean isPath) {
  private static final int HIGHEST_PORT = 65_535;

  /**
   * The words of the parameter {@code hosts}, in order.
   *
   * @return not empty: {@code localhost} when it names none, as in Postfix
   * @throws TableUnavailableException when it is not UTF-8
   */
  public static List<String> words(TableConfig config, System.Logger logger)
      throws TableUnavailableException {
    List<String> words = new ArrayList<>();
    String hosts = config.text("hosts", config.string("hosts").orElse(""));
    StringTokenizer tokens = new StringTokenizer(hosts, ", \t\r\n");
    while (tokens.hasMoreTokens()) {
      words.add(tokens.nextToken());
    }
    if (words.isEmpty()) {
      logger.log(
          System.Logger.Level.INFO,
          config.name() + ": no hostnames specified, defaulting to 'localhost'");
      words.add("localhost");
    }
    return words;
  }

  /**
   * Takes a word apart.
   *
   * @throws TableUnavailableException when the port is none
   */
  public static HostName parse(String word, TableConfig config) throws TableUnavailableException {
    if (word.startsWith("unix:") || word.startsWith("/")) {
      String path = word.startsWith("unix:") ? word.substring("unix:".length()) : word;
      int colon = path.lastIndexOf(':');
      return colon < 0
          ? new HostName(word, path, 0, true)
          : new HostName(
              word, path.substring(0, colon), port(path.substring(colon + 1), word, config), true);
    }
    String rest = word.startsWith("inet:") ? word.substring("inet:".length()) : word;
    String host = rest;
    String port = "";
    if (rest.startsWith("[") && rest.indexOf(']') > 0) {
      int end = rest.indexOf(']');
      host = rest.substring(1, end);
      port = rest.startsWith(":", end + 1) ? rest.substring(end + 2) : "";
    } else if (rest.indexOf(':') >= 0) {
      int colon = rest.lastIndexOf(':');
      host = rest.substring(0, colon);
      port = rest.substring(colon + 1);
    }
    return new HostName(word, host, port.isEmpty() ? 0 : port(port, word, config), false);
  }

  private static int port(String text, String word, TableConfig config)
      throws TableUnavailableException {
    try {
      int port = Integer.parseInt(text);
      if (port > 0 && port <= HIGHEST_PORT) {
        return port;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new TableUnavailableException(
        config.name() + ": bad port in hosts: " + word + "; write a number from 1 to 65535");
  }
}
