package org.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An unmodified smtpd(8) decides about recipients by tables that Postern serves. */
@Timeout(180)
class SmtpdIT {
  @TempDir Path directory;

  private PrivatePostfix postfix;
  private PosternProcess postern;
  private int port;
  private int portOfUnavailable;
  private int portOfUnapproved;

  @BeforeAll
  static void postfixIsHere() {
    PrivatePostfix.mustBePossible();
  }

  @BeforeEach
  void start() throws Exception {
    port = PrivatePostfix.freePort();
    portOfUnavailable = PrivatePostfix.freePort();
    portOfUnapproved = PrivatePostfix.freePort();
    String domains = "proxy:hash:" + directory + "/domains";
    String boxes = "proxy:hash:" + directory + "/boxes";
    String access = "proxy:btree:" + directory + "/access";
    String missing = "proxy:hash:" + directory + "/missing";
    String unapproved = "proxy:hash:" + directory + "/unapproved";
    postfix =
        new PrivatePostfix(directory)
            .set("proxymap_service_name", "postern-proxymap")
            .set("proxy_read_maps", String.join(" ", domains, boxes, access, missing))
            .set("virtual_mailbox_domains", domains)
            .set("virtual_mailbox_maps", boxes)
            .set("smtpd_relay_restrictions", "reject_unauth_destination")
            .set("smtpd_recipient_restrictions", "check_recipient_access " + access)
            .service(smtpd(port))
            .service(smtpd(portOfUnavailable))
            .service(
                "  -o { smtpd_recipient_restrictions = check_recipient_access " + missing + " }")
            .service(smtpd(portOfUnapproved))
            .service(
                "  -o { smtpd_recipient_restrictions = check_recipient_access " + unapproved + " }")
            .service("cleanup unix n - n - 0 cleanup")
            .service("rewrite unix - - n - - trivial-rewrite")
            .service("anvil unix - - n - 1 anvil");
    makeTable("hash", "domains", "example.org any\n");
    makeTable("hash", "boxes", "known@example.org known/\nbarred@example.org barred/\n");
    makeTable("btree", "access", "barred@example.org 550 5.7.1 by the btree\n");
    postern = PosternProcess.serve(postfix.config());
    postfix.start();
  }

  private static String smtpd(int port) {
    return "127.0.0.1:" + port + " inet n - n - - smtpd";
  }

  private void makeTable(String type, String name, String entries) throws Exception {
    Files.writeString(directory.resolve(name), entries);
    Postfix.Outcome made = postfix.run("", "postmap", type + ":" + directory.resolve(name));
    assertThat(made.err()).isEmpty();
  }

  @AfterEach
  void end() throws IOException {
    postfix.close();
    postern.close();
  }

  @Test
  void mailForAKnownRecipientIsQueued() throws Exception {
    try (SmtpClient smtp = SmtpClient.connect(port)) {
      assertThat(smtp.recipient("known@example.org")).startsWith("250 ");
      assertThat(smtp.data("Subject: through Postern\r\n\r\nhello\r\n")).startsWith("250 ");
    }
    List<Path> queued;
    try (Stream<Path> files = Files.walk(postfix.queue().resolve("incoming"))) {
      queued = files.filter(Files::isRegularFile).toList();
    }
    assertThat(queued).hasSize(1);
    Postfix.Outcome message = postfix.run("", "postcat", queued.getFirst().toString());
    assertThat(message.out())
        .contains("recipient: known@example.org", "Subject: through Postern", "hello");
  }

  @Test
  void recipientsAreRefusedAsTheTablesSay() throws Exception {
    try (SmtpClient smtp = SmtpClient.connect(port)) {
      assertThat(smtp.recipient("unknown@example.org"))
          .startsWith("550 5.1.1 ")
          .contains("User unknown in virtual mailbox table");
      assertThat(smtp.recipient("barred@example.org"))
          .startsWith("550 5.7.1 ")
          .contains("by the btree");
      assertThat(smtp.recipient("someone@example.com")).startsWith("554 5.7.1 ");
      assertThat(smtp.recipient("Known@Example.ORG")).startsWith("250 ");
    }
  }

  @Test
  void aTableThatCannotBeOpenedDefersTheMail() throws Exception {
    try (SmtpClient smtp = SmtpClient.connect(portOfUnavailable)) {
      assertThat(smtp.recipient("known@example.org")).startsWith("451 4.3.");
      assertThat(smtp.recipient("unknown@example.org")).startsWith("451 4.3.");
    }
    assertThat(postern.log()).contains("open database " + directory + "/missing.db");
  }

  @Test
  void aTableThatIsNotApprovedRefusesNothingForGood() throws Exception {
    String fatal = "fatal: postern-proxymap service is not configured for table \"hash:";
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), portOfUnapproved)) {
      for (int i = 0; i < 300 && !postfix.log().contains(fatal); i++) {
        Thread.sleep(100);
      }
      assertThat(postfix.log()).contains(fatal);
      assertThat(socket.getInputStream().available()).as("no word from smtpd").isZero();
    }
    assertThat(postern.log()).contains("request for unapproved table: \"hash:" + directory);
  }

  @Test
  void mailWaitsWhilePosternIsStartedAgain() throws Exception {
    try (SmtpClient smtp = SmtpClient.connect(port)) {
      assertThat(smtp.recipient("known@example.org")).startsWith("250 ");
      assertThat(postern.end()).isZero();
      CompletableFuture<String> reply =
          CompletableFuture.supplyAsync(() -> smtp.recipient("barred@example.org"));
      postern = PosternProcess.serve(postfix.config());
      assertThat(reply.join()).startsWith("550 5.7.1 ");
      assertThat(smtp.recipient("known@example.org")).startsWith("250 ");
    }
  }

  @Test
  void aChangedTableIsSeenBySmtpdThatIsConnected() throws Exception {
    try (SmtpClient smtp = SmtpClient.connect(port)) {
      assertThat(smtp.recipient("new@example.org")).startsWith("550 5.1.1 ");
      makeTable("hash", "boxes", "new@example.org new/\n");
      String reply = smtp.recipient("new@example.org");
      for (int i = 0; i < 50 && !reply.startsWith("250 "); i++) {
        Thread.sleep(100);
        reply = smtp.recipient("new@example.org");
      }
      assertThat(reply).startsWith("250 ");
      assertThat(smtp.recipient("known@example.org")).startsWith("550 5.1.1 ");
    }
  }
}
