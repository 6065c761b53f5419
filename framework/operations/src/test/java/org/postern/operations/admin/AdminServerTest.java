package org.postern.operations.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.config.Configuration;
import org.postern.host.approval.Service;
import org.postern.testkit.Patience;
import org.slf4j.LoggerFactory;

@Timeout(60)
class AdminServerTest {
  @TempDir Path directory;

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(AdminServer.class);

  /** An answer of its own. */
  public record Echo(String command, Optional<String> key) {}

  @BeforeEach
  void listen() {
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(log);
  }

  private List<String> warnings() {
    return log.list.stream()
        .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  private static Record echo(AdminRequest request) throws AdminException {
    if (request.command().equals("bad")) {
      throw new AdminException("it is bad");
    }
    return new Echo(request.command(), request.key());
  }

  private AdminSocket socket() {
    return new AdminSocket(directory.resolve("closed/admin"));
  }

  private AdminServer serve() {
    return AdminServer.start(socket(), AdminServerTest::echo, Duration.ofMillis(300));
  }

  private static String raw(Path socket, String request) throws IOException {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      channel.write(ByteBuffer.wrap(request.getBytes(UTF_8)));
      return rest(channel);
    }
  }

  private static String rest(SocketChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(100_000);
    while (channel.read(buffer) >= 0) {
      // More may come.
    }
    return new String(buffer.array(), 0, buffer.position(), UTF_8);
  }

  @Test
  void itAnswersEachRequestOnAConnectionOfItsOwn() throws Exception {
    try (AdminServer _ = serve()) {
      for (int i = 0; i < 20; i++) {
        String answer = AdminClient.ask(socket().path(), AdminRequest.of("status"));
        assertThat(AdminClient.read(Echo.class, answer))
            .isEqualTo(new Echo("status", Optional.empty()));
      }
      assertThat(raw(socket().path(), "{\"command\":\"x\",\"key\":\"\\u00e9\\n\",\"new\":[1]}\n"))
          .contains("\"key\" : \"\\u00E9\\n\"");
      assertThatThrownBy(() -> AdminClient.ask(socket().path(), AdminRequest.of("bad")))
          .isInstanceOf(AdminException.class)
          .hasMessage("it is bad");
    }
  }

  @Test
  void onlyItsOwnerCanComeToIt() throws Exception {
    try (AdminServer _ = serve()) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket().path())))
          .isEqualTo("rw-------");
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(directory.resolve("closed"))))
          .isEqualTo("rwx------");
    }
    assertThat(socket().path()).doesNotExist();
  }

  @Test
  void whatIsNoRequestIsAnsweredWithWhatIsWrong() throws Exception {
    try (AdminServer _ = serve()) {
      assertThat(raw(socket().path(), "GET / HTTP/1.0\n")).contains("\"error\" : \"not a request");
      assertThat(raw(socket().path(), "{}\n")).contains("command is missing");
      assertThat(raw(socket().path(), "{\"command\":{}}\n")).contains("\"error\"");
    }
  }

  @Test
  void whoSendsNothingIsDisconnectedAndHarmsNobody() throws Exception {
    try (AdminServer _ = serve()) {
      List<SocketChannel> silent = new ArrayList<>();
      for (int i = 0; i < AdminServer.MOST_CLIENTS; i++) {
        silent.add(SocketChannel.open(UnixDomainSocketAddress.of(socket().path())));
      }
      for (SocketChannel one : silent) {
        assertThat(rest(one)).isEmpty();
        assertThat(AdminClient.ask(socket().path(), AdminRequest.of("a"))).contains("\"a\"");
        one.close();
      }
      assertThat(AdminClient.ask(socket().path(), AdminRequest.of("a"))).contains("\"a\"");
    }
  }

  @Test
  void aRequestWithoutEndIsNotRead() throws Exception {
    try (AdminServer _ = serve();
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket().path()))) {
      assertThatThrownBy(
              () -> {
                ByteBuffer much = ByteBuffer.allocate(1_000_000);
                for (int i = 0; i < 100; i++) {
                  channel.write(much.clear());
                }
              })
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void whoIsOneTooManyIsTold() throws Exception {
    CountDownLatch asked = new CountDownLatch(AdminServer.MOST_CLIENTS);
    CountDownLatch go = new CountDownLatch(1);
    AdminServer.Answers slow =
        request -> {
          asked.countDown();
          go.await();
          return echo(request);
        };
    try (AdminServer _ = AdminServer.start(socket(), slow, Duration.ofSeconds(5))) {
      List<Thread> many = new ArrayList<>();
      for (int i = 0; i < AdminServer.MOST_CLIENTS; i++) {
        many.add(
            Thread.ofVirtual()
                .start(() -> {
                  try {
                    raw(socket().path(), "{\"command\":\"slow\"}\n");
                  } catch (IOException e) {
                    throw new IllegalStateException(e);
                  }
                }));
      }
      asked.await();
      assertThatThrownBy(() -> AdminClient.ask(socket().path(), AdminRequest.of("a")))
          .isInstanceOf(AdminException.class)
          .hasMessageContaining("too many ask at once");
      go.countDown();
      for (Thread one : many) {
        one.join();
      }
      assertThat(AdminClient.ask(socket().path(), AdminRequest.of("a"))).contains("\"a\"");
    }
  }

  @Test
  void aDeadServersSocketIsReplacedAndALiveOnesIsWaitedFor() throws Exception {
    Files.createDirectory(
        directory.resolve("closed"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    socket().bind().channel().close(); // as a kill leaves it
    AdminServer first = serve();
    assertThat(AdminClient.ask(socket().path(), AdminRequest.of("first"))).contains("first");
    try (AdminServer _ =
        AdminServer.start(
            socket(), _ -> new Echo("second", Optional.empty()), Duration.ofSeconds(1))) {
      assertThat(AdminClient.ask(socket().path(), AdminRequest.of("first"))).contains("first");
      first.close();
      Patience.until(() -> listens(socket().path()));
      assertThat(AdminClient.ask(socket().path(), AdminRequest.of("x"))).contains("second");
    }
    assertThat(warnings()).isEmpty();
  }

  /** A socket is there before it listens. */
  private static boolean listens(Path socket) {
    try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void oneThatWaitsForAnotherCanBeEnded() throws Exception {
    try (AdminServer _ = serve()) {
      serve().close();
      assertThat(AdminClient.ask(socket().path(), AdminRequest.of("first"))).contains("first");
    }
  }

  @Test
  void aSocketThatCannotBeMadeIsAWarningThatNamesTheParameter() throws Exception {
    Files.createDirectory(directory.resolve("closed"));
    Files.setPosixFilePermissions(
        directory.resolve("closed"), PosixFilePermissions.fromString("rwxr-xr-x"));
    try (AdminServer _ = serve()) {
      assertThat(warnings())
          .singleElement()
          .asString()
          .contains(
              "postern_admin_socket: ", directory + "/closed must be a directory of mode 0700");
    }
    log.list.clear();
    AdminSocket nowhere = new AdminSocket(directory.resolve("no/where/admin"));
    try (AdminServer _ = AdminServer.start(nowhere, AdminServerTest::echo, Duration.ofSeconds(1))) {
      assertThat(warnings())
          .singleElement()
          .asString()
          .contains("postern_admin_socket: ", directory + "/no does not exist");
    }
  }

  @Test
  void aSymbolicLinkIsNotFollowed() throws Exception {
    Path elsewhere =
        Files.createDirectory(
            directory.resolve("elsewhere"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.createSymbolicLink(directory.resolve("closed"), elsewhere);
    try (AdminServer _ = serve()) {
      assertThat(warnings()).singleElement().asString().contains("must be a directory");
    }
    assertThat(elsewhere).isEmptyDirectory();
  }

  @Test
  void whereItIsSaysTheConfiguration() {
    Configuration configuration =
        Configuration.of(Map.of("data_directory", "/d", "postern_admin_socket", "a/b"));
    assertThat(AdminSocket.of(configuration).orElseThrow()).hasToString("/d/a/b");
    assertThat(AdminSocket.of(configuration, Service.PROXYWRITE).orElseThrow())
        .hasToString("/d/a/b-proxywrite");
    assertThat(AdminSocket.places(configuration))
        .containsExactly(
            Path.of("/d/a/b"), Path.of("/d/a/b-proxymap"), Path.of("/d/a/b-proxywrite"));
    Configuration off = Configuration.of(Map.of("postern_admin_socket", ""));
    assertThat(AdminSocket.of(off)).isEmpty();
    assertThat(AdminSocket.places(off)).isEmpty();
  }

  /** Somebody else than Postern, who answers with one text again and again. */
  private static Thread forge(ServerSocketChannel socket, String text, int times, Duration pause) {
    return Thread.ofVirtual()
        .start(() -> {
          try (SocketChannel client = socket.accept()) {
            for (int i = 0; i < times; i++) {
              client.write(ByteBuffer.wrap(text.getBytes(UTF_8)));
              Thread.sleep(pause);
            }
          } catch (IOException | InterruptedException e) {
            // The client has had enough.
          }
        });
  }

  private ServerSocketChannel forged() throws IOException {
    ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    socket.bind(UnixDomainSocketAddress.of(directory.resolve("forged")));
    return socket;
  }

  private String askForged(Duration patience) throws Exception {
    return AdminClient.ask(directory.resolve("forged"), AdminRequest.of("status"), patience);
  }

  @Test
  void anEndlessAnswerIsGivenUp() throws Exception {
    try (ServerSocketChannel socket = forged()) {
      forge(socket, "x".repeat(1 << 20), 1000, Duration.ZERO);
      assertThatThrownBy(() -> askForged(Duration.ofSeconds(30)))
          .isInstanceOf(IOException.class)
          .hasMessageMatching("an answer of more than [0-9]+ bytes: that is not Postern's");
    }
  }

  @Test
  void anAnswerThatDripsIsGivenUp() throws Exception {
    try (ServerSocketChannel socket = forged()) {
      forge(socket, "x", 1000, Duration.ofMillis(50));
      assertThatThrownBy(() -> askForged(Duration.ofSeconds(1)))
          .isInstanceOf(IOException.class)
          .hasMessageMatching("no whole answer within 1 s \\(--timeout\\), [0-9]+ bytes of it");
    }
  }

  @Test
  void nestingWithoutEndIsNoAnswer() throws Exception {
    try (ServerSocketChannel socket = forged()) {
      forge(socket, "[".repeat(100_000), 10, Duration.ZERO);
      assertThatThrownBy(() -> askForged(Duration.ofSeconds(10))).isInstanceOf(IOException.class);
    }
  }
}
