package org.postern.driver.berkeleydb;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postern.platform.text.FileTrouble;

/**
 * The pages of a file that nobody else has: those used last in memory, up to a limit, the others in
 * the file. A page stays where it is in memory until the next operation begins. Used by one thread.
 */
final class CachedPages implements WritablePages, AutoCloseable {
  private static final int FRAMES_AT_ONCE = 256;

  /** Memory for one page. */
  private static final class Frame {
    private final MemorySegment bytes;
    private @Nullable Page page;
    private boolean changed;
    private boolean usedAgain;
    private long operation;

    Frame(MemorySegment bytes) {
      this.bytes = bytes;
    }

    Page page() {
      return Objects.requireNonNull(page);
    }
  }

  private final FileChannel storage;
  private final int mostFrames;

  @SuppressWarnings("MustBeClosedChecker") // closed with this
  private final Arena arena = Arena.ofConfined();

  private final List<Frame> frames = new ArrayList<>();
  private final List<Frame> unused = new ArrayList<>();
  private @Nullable Frame[] frameOf = new Frame[1024];
  private FileHeader file;
  private long operation;
  private int hand;

  /**
   * The pages of a file.
   *
   * @param memory how much to keep in memory, bytes; more when one operation uses more
   */
  CachedPages(FileChannel storage, FileHeader file, long memory) {
    this.storage = storage;
    this.file = file;
    this.mostFrames = Math.clamp(memory / file.pageSize(), 1, Integer.MAX_VALUE);
  }

  /** Begins an operation: pages that were given before may go. */
  void beginOperation() {
    operation++;
  }

  @Override
  public FileHeader file() {
    return file;
  }

  @Override
  public Page page(long number) throws CorruptFileException {
    return frame(number).page();
  }

  @Override
  public Page writable(long number) throws CorruptFileException {
    Frame frame = frame(number);
    frame.changed = true;
    return frame.page();
  }

  @Override
  public Page grow(long first, long last) throws CorruptFileException {
    file = file.withPages(last + 1);
    Frame frame = take(last);
    frame.bytes.fill((byte) 0);
    frame.changed = true;
    return frame.page();
  }

  private Frame frame(long number) throws CorruptFileException {
    checkNumber(number);
    Frame frame = number < frameOf.length ? frameOf[(int) number] : null;
    if (frame == null) {
      frame = take(number);
      read(frame);
    }
    frame.usedAgain = true;
    frame.operation = operation;
    return frame;
  }

  /** A page that was never written is zeros. */
  private void read(Frame frame) throws CorruptFileException {
    try {
      ByteBuffer buffer = frame.bytes.asByteBuffer();
      long start = frame.page().number() * file.pageSize();
      int count;
      do {
        count = storage.read(buffer, start + buffer.position());
      } while (count > 0 && buffer.hasRemaining());
      frame.bytes.asSlice(buffer.position()).fill((byte) 0);
    } catch (IOException e) {
      throw frame.page().corrupt("cannot be read: " + FileTrouble.words(e));
    }
  }

  /** Takes memory for a page, from another one if need be. */
  private Frame take(long number) throws CorruptFileException {
    Frame frame = frames.size() < mostFrames ? null : oldest();
    if (frame == null) {
      frame = fresh();
      frames.add(frame);
    }
    int index = Math.toIntExact(number);
    if (index >= frameOf.length) {
      frameOf = Arrays.copyOf(frameOf, Math.max(index + 1, 2 * frameOf.length));
    }
    frameOf[index] = frame;
    frame.page = new Page(file, frame.bytes, 0, number);
    frame.changed = false;
    frame.usedAgain = false;
    frame.operation = operation;
    return frame;
  }

  private Frame fresh() {
    if (unused.isEmpty()) {
      MemorySegment more = arena.allocate((long) FRAMES_AT_ONCE * file.pageSize());
      more.elements(
              java.lang.foreign.MemoryLayout.sequenceLayout(
                  file.pageSize(), java.lang.foreign.ValueLayout.JAVA_BYTE))
          .map(Frame::new)
          .forEach(unused::add);
    }
    return unused.removeLast();
  }

  /** Empties the memory of a page that was not used for some time; null when all are in use. */
  private @Nullable Frame oldest() throws CorruptFileException {
    for (int looked = 0; looked < 2 * frames.size(); looked++) {
      Frame frame = frames.get(hand);
      hand = (hand + 1) % frames.size();
      if (frame.operation == operation) {
        continue;
      }
      if (frame.usedAgain) {
        frame.usedAgain = false;
        continue;
      }
      if (frame.changed) {
        write(frame);
      }
      frameOf[(int) frame.page().number()] = null;
      return frame;
    }
    return null;
  }

  private void write(Frame frame) throws CorruptFileException {
    try {
      ByteBuffer buffer = frame.bytes.asByteBuffer();
      long start = frame.page().number() * file.pageSize();
      while (buffer.hasRemaining()) {
        storage.write(buffer, start + buffer.position());
      }
    } catch (IOException e) {
      throw frame.page().corrupt("cannot be written: " + FileTrouble.words(e));
    }
    frame.changed = false;
  }

  /** Has all pages in the file. */
  void writeAll() throws CorruptFileException {
    List<Frame> changed =
        frames.stream()
            .filter(frame -> frame.changed)
            .sorted(Comparator.comparingLong(frame -> frame.page().number()))
            .toList();
    for (Frame frame : changed) {
      write(frame);
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
