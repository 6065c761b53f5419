package org.postern.operations.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a client of the status page asks: the head of a request of HTTP/1.0 or 1.1 (RFC 9112). No
 * page needs more than its method, its path, and the host that it is for; a body is not read.
 *
 * @param path decoded, without a query
 * @param host the header, or null
 */
record HttpRequest(String method, String path, @Nullable String host) {
  /** Of a head, bytes. */
  static final int LONGEST = 16 * 1024;

  private static final Pattern REQUEST_LINE =
      Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+) (\\S+) HTTP/1\\.[0-9]");

  /** A request that is none, and the status of HTTP that says why. */
  static final class BadRequestException extends Exception {
    private static final long serialVersionUID = 1;

    private final int status;

    BadRequestException(int status, String message) {
      super(message);
      this.status = status;
    }

    int status() {
      return status;
    }
  }

  /**
   * Reads one.
   *
   * @return null when the client has gone before the end of the head
   */
  static @Nullable HttpRequest read(InputStream in) throws IOException, BadRequestException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    boolean isEmptyLine = false;
    while (true) {
      int next = in.read();
      if (next < 0) {
        return null;
      }
      if (next == '\n' && isEmptyLine && head.size() > 2) {
        return parse(head.toString(ISO_8859_1));
      }
      isEmptyLine = next == '\n' || (isEmptyLine && next == '\r');
      head.write(next);
      if (head.size() > LONGEST) {
        throw new BadRequestException(431, "the head of the request is too long");
      }
    }
  }

  private static HttpRequest parse(String head) throws BadRequestException {
    // An empty line before a request is not part of it.
    List<String> lines = head.lines().dropWhile(String::isEmpty).toList();
    Matcher line = REQUEST_LINE.matcher(lines.isEmpty() ? "" : lines.getFirst());
    if (!line.matches()) {
      throw new BadRequestException(400, "not a request of HTTP/1.1");
    }
    List<String> hosts =
        lines.stream()
            .skip(1)
            .filter(header -> header.toLowerCase(Locale.ROOT).startsWith("host:"))
            .map(header -> header.substring("host:".length()).strip())
            .toList();
    if (hosts.size() > 1) {
      throw new BadRequestException(400, "more than one host");
    }
    return new HttpRequest(
        line.group(1), path(line.group(2)), hosts.isEmpty() ? null : hosts.getFirst());
  }

  private static String path(String target) throws BadRequestException {
    try {
      String path = target.startsWith("/") ? new URI("http:" + "//x" + target).getPath() : null;
      return path != null ? path : String.valueOf(new URI(target).getPath());
    } catch (URISyntaxException e) {
      throw new BadRequestException(400, "not a path");
    }
  }

  /** Whether somebody asks if Postern is well, who must be answered whoever else asks. */
  boolean isProbe() {
    return path.equals("/healthz") || path.equals("/readyz");
  }
}
