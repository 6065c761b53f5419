package org.postern.operations.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * What a request is answered.
 *
 * @param status of HTTP
 * @param body not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; a copy would be waste
record Page(int status, String contentType, byte[] body) {
  private static final String TEXT = "text/plain; charset=utf-8";

  static Page text(int status, String text) {
    return new Page(status, TEXT, text.getBytes(UTF_8));
  }

  /** A file that lies beside this class. */
  static Page resource(String name, String contentType) {
    try (InputStream file = Page.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new IllegalStateException(name + " is not packaged");
      }
      return new Page(200, contentType, file.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
