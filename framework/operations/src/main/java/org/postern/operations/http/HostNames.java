package org.postern.operations.http;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which hosts a request may be for. Where only this machine can connect, an address, {@code
 * localhost} and the name that is listened on: a web page from elsewhere, whose own name leads
 * here, asks for that name. Where others can connect too, any.
 */
final class HostNames {
  private static final Pattern PORT = Pattern.compile(":[0-9]*$");
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[[0-9a-f:.]+]");

  private final String own;
  private final boolean isLocal;

  /**
   * @param own the name or address that is listened on
   * @param isLocal whether only this machine can connect
   */
  HostNames(String own, boolean isLocal) {
    this.own = own.toLowerCase(Locale.ROOT);
    this.isLocal = isLocal;
  }

  /**
   * Whether a request is answered.
   *
   * @param header what it says; null for nothing
   */
  boolean allow(@Nullable String header) {
    if (!isLocal || header == null) {
      return true;
    }
    String host = PORT.matcher(header.toLowerCase(Locale.ROOT)).replaceFirst("");
    return host.equals(own) || host.equals("localhost") || ADDRESS.matcher(host).matches();
  }
}
