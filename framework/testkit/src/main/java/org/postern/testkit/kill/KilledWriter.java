package org.postern.testkit.kill;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.postern.spi.Access;
import org.postern.spi.ChangeResult;
import org.postern.spi.Changed;
import org.postern.spi.ConfigError;
import org.postern.spi.NotFound;
import org.postern.spi.Retry;
import org.postern.spi.Table;
import org.postern.spi.TableDriver;
import org.postern.testkit.Bytes;
import org.postern.testkit.TestOpening;

/**
 * The process that is killed. Its arguments are the driver's class, the table's type and name, a
 * seed, the number of writing threads, and the length of the longest key. It writes a byte to
 * standard output before it opens the table, one when that is done, and one right after each reply
 * to a change, which tells whose change it was. It goes on until it is killed, or ends with 1 and
 * the reason on standard error.
 */
final class KilledWriter {
  static final int OPENING = 'o';
  static final int OPEN = 'w';

  private static final int ABSENT = 0x40;

  private final Table table;
  private final OutputStream pipe;

  private KilledWriter(Table table, OutputStream pipe) {
    this.table = table;
    this.pipe = pipe;
  }

  /**
   * What a byte after a change says.
   *
   * @param writer whose change it was
   * @param absent whether there was no such key to be removed
   */
  record Reply(int writer, boolean absent) {
    static Reply of(int written) {
      return new Reply(written & ~ABSENT, (written & ABSENT) != 0);
    }
  }

  /** A driver whose class has a public constructor without parameters. */
  static TableDriver driver(String className) throws ReflectiveOperationException {
    return Class.forName(className)
        .asSubclass(TableDriver.class)
        .getDeclaredConstructor()
        .newInstance();
  }

  static void main(String[] arguments) throws Exception {
    OutputStream pipe = new FileOutputStream(FileDescriptor.out);
    TableDriver driver = driver(arguments[0]);
    pipe.write(OPENING);
    Table table = driver.open(TestOpening.of(arguments[1], arguments[2]).access(Access.READ_WRITE));
    pipe.write(OPEN);
    long seed = Long.parseLong(arguments[3]);
    int longestKey = Integer.parseInt(arguments[5]);
    KilledWriter killed = new KilledWriter(table, pipe);
    for (int i = 0; i < Integer.parseInt(arguments[4]); i++) {
      int writer = i;
      Thread.ofPlatform()
          .start(() -> killed.write(new RandomWrites(seed, writer, longestKey), writer));
    }
  }

  private void write(RandomWrites writes, int writer) {
    try {
      while (true) {
        pipe.write(reply(make(writes.next()), writer));
      }
    } catch (IOException | RuntimeException | Error e) {
      end(e.toString());
    }
  }

  private ChangeResult make(RandomWrite write) {
    byte[] key = Bytes.bytes(write.key());
    String value = write.value();
    return value == null
        ? table.delete(key, table.flags())
        : table.update(key, Bytes.bytes(value), table.flags());
  }

  private static int reply(ChangeResult result, int writer) {
    return switch (result) {
      case Changed _ -> writer;
      case NotFound _ -> writer | ABSENT;
      case Retry(String reason) -> throw new IllegalStateException(reason);
      case ConfigError(String reason, int _) -> throw new IllegalStateException(reason);
    };
  }

  private static void end(String reason) {
    System.err.println(reason);
    Runtime.getRuntime().halt(1);
  }
}
