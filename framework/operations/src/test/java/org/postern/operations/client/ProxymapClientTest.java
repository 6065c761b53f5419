package org.postern.operations.client;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.host.protocol.Status;

/** Servers that greet, and when. */
class ProxymapClientTest {
  private static final String GREETING = "protocol\0proxymap_protocol\0\0";
  private static final String REPLY = "status\0000\0value\0found\0\0";

  @TempDir Path directory;

  /** As one does that master(8) has to start first. */
  @Test
  void aGreetingMayComeLate() throws Exception {
    ask(Duration.ofMillis(800), GREETING + REPLY);
  }

  /** Postfix before 3.6. */
  @Test
  void thereMayBeNoGreeting() throws Exception {
    ask(Duration.ofMillis(800), REPLY);
  }

  @Test
  void aGreetingIsNoReply() throws Exception {
    ask(Duration.ZERO, GREETING + REPLY);
  }

  private void ask(Duration pause, String said) throws Exception {
    Path path = directory.resolve("socket");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(path));
      CompletableFuture<Void> served = CompletableFuture.runAsync(() -> serve(server, pause, said));
      try (ProxymapClient client = ProxymapClient.connect(path, Duration.ofSeconds(20))) {
        Answer answer = client.lookup("t:x", 0, 0, "k");
        assertThat(answer.status()).isEqualTo(Status.OK);
        assertThat(answer.value()).isEqualTo("found");
      }
      served.join();
    }
  }

  private static void serve(ServerSocketChannel server, Duration pause, String said) {
    try (SocketChannel client = server.accept()) {
      Thread.sleep(pause);
      client.write(ByteBuffer.wrap(said.getBytes(US_ASCII)));
      while (client.read(ByteBuffer.allocate(1000)) >= 0) {
        // The request is not looked at.
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
