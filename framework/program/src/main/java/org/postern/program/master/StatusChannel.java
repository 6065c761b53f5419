package org.postern.program.master;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.postern.platform.libc.Descriptors;

/**
 * What a child tells master(8), and how it hears that master wants it gone: descriptor 5. A message
 * is three numbers in the machine's byte order: process id, generation, and whether the child is
 * available.
 */
public final class StatusChannel {
  private static final int DESCRIPTOR = 5;
  private static final int OCTAL = 8;
  private static final int TAKEN = 0;
  private static final int AVAILABLE = 1;

  private final int generation;

  /**
   * The channel of this process.
   *
   * @param generation GENERATION of the environment: an octal number, unsigned
   * @throws IOException when it is no number
   */
  public StatusChannel(String generation) throws IOException {
    try {
      this.generation = Integer.parseUnsignedInt(generation, OCTAL);
    } catch (NumberFormatException e) {
      throw new IOException("bad GENERATION in the environment: \"" + generation + "\"", e);
    }
  }

  /**
   * Says that this process works: that it was busy, and takes clients. master(8) counts a child as
   * available from its start, so that saying only that would count it twice. It is never said to be
   * busy, for it takes clients at any time: so master starts no second one.
   */
  public void sayAvailable() throws IOException {
    Descriptors.write(DESCRIPTOR, message(TAKEN));
    Descriptors.write(DESCRIPTOR, message(AVAILABLE));
  }

  private byte[] message(int status) {
    return ByteBuffer.allocate(3 * Integer.BYTES)
        .order(ByteOrder.nativeOrder())
        .putInt((int) ProcessHandle.current().pid())
        .putInt(generation)
        .putInt(status)
        .array();
  }

  /** Does something when master(8) has gone, or wants this process to go. */
  public void whenClosed(Runnable action) {
    Thread.ofPlatform()
        .name("master")
        .daemon()
        .start(() -> {
          try {
            Descriptors.awaitReadable(DESCRIPTOR);
          } catch (IOException e) {
            // Then there is no master either.
          }
          action.run();
        });
  }
}
