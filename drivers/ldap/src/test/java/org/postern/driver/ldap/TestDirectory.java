package org.postern.driver.ldap;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldap.listener.interceptor.InMemoryOperationInterceptor;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.schema.Schema;
import com.unboundid.ldif.LDIFReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postern.testkit.TestOpening;

/** A directory of some people, for tests. Can be stopped, and started again at the same port. */
final class TestDirectory implements AutoCloseable {
  private static final String LISTENER = "plain";

  private final InMemoryDirectoryServer server;
  private final OpenConnections connections;

  private TestDirectory(InMemoryDirectoryServer server, OpenConnections connections) {
    this.server = server;
    this.connections = connections;
  }

  /**
   * Starts a directory.
   *
   * @param interceptors see the requests first
   */
  static TestDirectory start(InMemoryOperationInterceptor... interceptors) throws Exception {
    return start(null, interceptors);
  }

  /**
   * Starts a directory.
   *
   * @param tls the listener to use, or null for a plain one
   */
  static TestDirectory start(
      @Nullable InMemoryListenerConfig tls, InMemoryOperationInterceptor... interceptors)
      throws Exception {
    return start(tls, 0, interceptors);
  }

  /**
   * Starts a directory that has too many connections when there is one more than a few.
   *
   * @param most how many there may be; any number for 0
   */
  static TestDirectory start(
      @Nullable InMemoryListenerConfig tls, int most, InMemoryOperationInterceptor... interceptors)
      throws Exception {
    InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig("dc=example,dc=org");
    try (InputStream schema = resource("schema.ldif");
        InputStream entries = resource("directory.ldif")) {
      config.setSchema(
          Schema.mergeSchemas(Schema.getDefaultStandardSchema(), Schema.getSchema(schema)));
      config.setListenerConfigs(
          tls != null
              ? tls
              : InMemoryListenerConfig.createLDAPConfig(
                  LISTENER, InetAddress.getLoopbackAddress(), freePort(), null));
      config.setMaxConnections(most);
      OpenConnections connections = new OpenConnections();
      config.setAccessLogHandler(connections);
      for (InMemoryOperationInterceptor interceptor : interceptors) {
        config.addInMemoryOperationInterceptor(interceptor);
      }
      InMemoryDirectoryServer server = new InMemoryDirectoryServer(config);
      server.importFromLDIF(true, new LDIFReader(entries));
      server.startListening();
      return new TestDirectory(server, connections);
    }
  }

  /** A port that stays the same when the directory is stopped and started again. */
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static InputStream resource(String name) {
    return Objects.requireNonNull(TestDirectory.class.getResourceAsStream(name));
  }

  InMemoryDirectoryServer server() {
    return server;
  }

  OpenConnections connections() {
    return connections;
  }

  int port() {
    return server.getListenPort();
  }

  /** Cuts all connections and listens no more. */
  void stop() {
    server.shutDown(true);
  }

  void startAgain() throws LDAPException {
    server.startListening();
  }

  /** Writes a table that asks this directory, with some lines more or in place of others. */
  TestOpening table(Path directory, String... lines) throws IOException {
    return tableAt(directory, "server_host = 127.0.0.1:" + port(), lines);
  }

  /** Writes a table that asks whatever a line with {@code server_host} says. */
  static TestOpening tableAt(Path directory, String host, String... lines) throws IOException {
    String text =
        host
            + """

            search_base = dc=example,dc=org
            query_filter = (mail=%s)
            bind = no
            """
            + String.join("\n", lines)
            + "\n";
    Path file = Files.createTempFile(directory, "table", ".cf");
    Files.writeString(file, withoutOverridden(text));
    return TestOpening.of("ldap", file);
  }

  /** The last of several lines for one parameter counts: without a warning. */
  private static String withoutOverridden(String text) {
    Map<String, String> last = new LinkedHashMap<>();
    text.lines()
        .filter(line -> !line.isBlank())
        .forEach(line -> last.put(line.replaceFirst(" *=.*", ""), line));
    return String.join("\n", last.values()) + "\n";
  }

  @Override
  public void close() {
    server.close();
  }
}
