package org.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.testkit.Patience;
import org.postern.testkit.SettledFile;

/**
 * An operator changes main.cf and runs "postfix reload", again and again, while mail comes:
 * Postern, which Postfix's reload does not reach, serves each new table as soon as it is asked for.
 */
@Timeout(180)
class ReloadUnderMailIT {
  private static final int CHANGES = 20;
  private static final int SENDERS = 2;

  @TempDir Path directory;

  private final AtomicBoolean ended = new AtomicBoolean();
  private final AtomicInteger accepted = new AtomicInteger();
  private final Queue<String> refused = new ConcurrentLinkedQueue<>();

  @BeforeAll
  static void postfixIsHere() {
    PrivatePostfix.mustBePossible();
  }

  @Test
  void noMailIsRefusedAndNoDaemonThrottled() throws Exception {
    int port = PrivatePostfix.freePort();
    try (PrivatePostfix postfix = new PrivatePostfix(directory)) {
      postfix
          .set("proxymap_service_name", "postern-proxymap")
          .set("virtual_mailbox_domains", "example.org")
          .set("virtual_mailbox_maps", "proxy:static:any")
          .set("relocated_maps", "")
          .set("smtpd_relay_restrictions", "reject_unauth_destination")
          .service("127.0.0.1:" + port + " inet n - n - - smtpd")
          .service("cleanup unix n - n - 0 cleanup")
          .service("rewrite unix - - n - - trivial-rewrite")
          .service("anvil unix - - n - 1 anvil");
      try (PosternProcess postern = PosternProcess.serve(postfix.config())) {
        postfix.start();
        List<Thread> senders = new ArrayList<>();
        for (int i = 0; i < SENDERS; i++) {
          senders.add(Thread.ofPlatform().start(() -> send(port)));
        }
        Patience.until(() -> accepted.get() > 0);
        for (int i = 0; i < CHANGES; i++) {
          change(postfix, i);
          String moved = "moved" + i + "@example.org";
          Patience.until(() -> isRelocated(port, moved));
        }
        Patience.until(() -> accepted.get() > CHANGES || !refused.isEmpty());
        ended.set(true);
        for (Thread sender : senders) {
          sender.join();
        }
        assertThat(refused).as(postern.log() + postfix.log()).isEmpty();
        assertThat(postern.log()).doesNotContain("unapproved table", "error:");
      }
      assertThat(postfix.log())
          .doesNotContain("throttling", "bad command startup", "is not configured for table");
    }
  }

  private void change(PrivatePostfix postfix, int number) throws Exception {
    Path table = directory.resolve("relocated" + number);
    Files.writeString(table, "moved" + number + "@example.org new@example.net\n");
    Postfix.Outcome changed =
        postfix.run("", "postconf", "-e", "relocated_maps=proxy:texthash:" + table);
    assertThat(changed.err()).isEmpty();
    // Otherwise Postfix's daemons wait for two seconds: so they ask Postern as early as they can.
    SettledFile.settle(postfix.config().resolve("main.cf"));
    postfix.reload();
  }

  private static boolean isRelocated(int port, String recipient) throws Exception {
    try (SmtpClient smtp = SmtpClient.connect(port)) {
      return smtp.recipient(recipient).startsWith("550 5.1.6");
    }
  }

  private void send(int port) {
    while (!ended.get()) {
      try (SmtpClient smtp = SmtpClient.connect(port)) {
        String recipient = smtp.recipient("known@example.org");
        String queued = recipient.startsWith("250 ") ? smtp.data("Subject: load\r\n\r\n") : "";
        if (queued.startsWith("250 ")) {
          accepted.incrementAndGet();
        } else {
          refused.add("RCPT: " + recipient + " DATA: " + queued);
        }
      } catch (Exception e) {
        refused.add(e.toString());
      }
    }
  }
}
