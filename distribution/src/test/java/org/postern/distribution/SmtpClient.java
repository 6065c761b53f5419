package org.postern.distribution;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;

/** One SMTP session with a server on the loopback address, after HELO and MAIL FROM. */
final class SmtpClient implements AutoCloseable {
  private final Socket socket;
  private final BufferedReader replies;

  private SmtpClient(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(60_000);
    replies = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
  }

  static SmtpClient connect(int port) throws IOException {
    SmtpClient client = new SmtpClient(new Socket(InetAddress.getLoopbackAddress(), port));
    client.reply();
    client.ask("HELO client.example.net");
    client.ask("MAIL FROM:<sender@example.net>");
    return client;
  }

  /** The reply to RCPT TO; empty when the server hung up. */
  String recipient(String address) {
    return ask("RCPT TO:<" + address + ">");
  }

  /** Sends a message, and gives the reply to it. */
  String data(String message) {
    ask("DATA");
    return ask(message + "\r\n.");
  }

  private String ask(String command) {
    try {
      socket.getOutputStream().write((command + "\r\n").getBytes(US_ASCII));
      return reply();
    } catch (IOException hungUp) {
      return "";
    }
  }

  private String reply() {
    try {
      String line = replies.readLine();
      while (line != null && line.startsWith("-", 3)) {
        line = replies.readLine();
      }
      return line == null ? "" : line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
