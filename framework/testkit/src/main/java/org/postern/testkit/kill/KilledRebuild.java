package org.postern.testkit.kill;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import org.postern.spi.TableDriver;
import org.postern.testkit.TestOpening;

/**
 * The process that is killed while it makes a table anew, with one {@link Generation} after the
 * other. Its arguments are the driver's class, the table's type and name, and the number of the
 * first generation. It writes a byte to standard output before it begins and after each one. It
 * goes on until it is killed, or ends with 1 and the reason on standard error.
 */
final class KilledRebuild {
  static final int BEGUN = 'b';
  private static final int MADE = 'm';

  private KilledRebuild() {}

  static void main(String[] arguments) throws Exception {
    OutputStream pipe = new FileOutputStream(FileDescriptor.out);
    TableDriver driver = KilledWriter.driver(arguments[0]);
    Generation generation = new Generation(Integer.parseInt(arguments[3]));
    pipe.write(BEGUN);
    while (true) {
      generation.store(driver, TestOpening.of(arguments[1], arguments[2]));
      pipe.write(MADE);
      generation = generation.next();
    }
  }
}
