package org.postern.program.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commands at an admin socket that is not Postern's: root may ask there, and the user who owns the
 * directory may have put it there.
 */
@Timeout(120)
class ForgedAdminTest {
  private static final String EVIL =
      "\\u001b[2J\\u009b31m\\u0007 \\u202egnp.exe " + "\u202e\u009b31m";

  @TempDir Path directory;

  private ServerSocketChannel socket;
  private volatile byte[] answer = {};
  private volatile int times = 1;
  private volatile Duration pause = Duration.ZERO;

  @BeforeEach
  void listen() throws Exception {
    socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    socket.bind(UnixDomainSocketAddress.of(directory.resolve("forged")));
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            while (true) {
              SocketChannel client = socket.accept();
              Thread.ofVirtual().start(() -> serve(client));
            }
          } catch (IOException e) {
            // The end.
          }
        });
  }

  @AfterEach
  void end() throws Exception {
    socket.close();
  }

  private void serve(SocketChannel client) {
    try (client) {
      client.read(ByteBuffer.allocate(1000));
      for (int i = 0; i < times; i++) {
        ByteBuffer bytes = ByteBuffer.wrap(answer);
        while (bytes.hasRemaining()) {
          client.write(bytes);
        }
        Thread.sleep(pause);
      }
    } catch (IOException | InterruptedException e) {
      // The client has had enough.
    }
  }

  private Outcome run(String... arguments) {
    List<String> command = new ArrayList<>(List.of(arguments));
    command.addAll(1, List.of("-s", directory.resolve("forged").toString(), "--timeout", "3"));
    Outcome outcome = Outcome.of(command.toArray(String[]::new));
    String printed = outcome.out() + outcome.err();
    assertThat(printed.codePoints().filter(c -> c != '\n' && c != '\t'))
        .noneMatch(Character::isISOControl)
        .doesNotContain(0x202E);
    assertThat(printed).doesNotContain("\tat ");
    return outcome;
  }

  private void answer(String json) {
    answer = json.getBytes(UTF_8);
  }

  @Test
  void whatCouldSteerATerminalDoesNotReachIt() throws Exception {
    answer("{\"error\":\"" + EVIL + "\"}");
    Outcome refused = run("reload");
    assertThat(refused.status()).isOne();
    assertThat(refused.err()).contains("gnp.exe");
    assertThat(run("explain", "hash:x", "key").err()).contains("gnp.exe");
    answer("{\"level\":\"" + EVIL + "\"}");
    assertThat(run("log-level").out()).contains("gnp.exe");
    answer("{\"x\":\"" + EVIL + "\"}");
    assertThat(run("status", "--json").out()).contains("gnp.exe");
    answer("{" + EVIL.replace("\\u001b", "\u001b"));
    assertThat(run("top", "-n", "1").status()).isOne();
  }

  @Test
  void anAnswerWithoutEndIsGivenUp() throws Exception {
    answer("x".repeat(1 << 20));
    times = 1_000_000;
    assertThat(run("status").err()).contains("an answer of more than ");
    answer("x");
    pause = Duration.ofMillis(20);
    long begun = System.nanoTime();
    assertThat(run("status").err()).contains("no whole answer within 3 s (--timeout)");
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(25));
  }
}
