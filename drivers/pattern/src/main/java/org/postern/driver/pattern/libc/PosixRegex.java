package org.postern.driver.pattern.libc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.postern.platform.libc.CLibrary;

/**
 * The C library's regular expressions, regex(3), in the C locale as Postfix has them, whatever the
 * locale of this process.
 */
public final class PosixRegex implements CompiledPattern {
  /** regcomp's flags, the same in glibc and musl. */
  public static final int REG_EXTENDED = 1;

  public static final int REG_ICASE = 2;
  public static final int REG_NEWLINE = 4;
  public static final int REG_NOSUB = 8;

  private static final int REG_NOMATCH = 1;

  /** glibc's regex_t: 64 bytes, its number of groups (size_t re_nsub) at 48. */
  private static final long REGEX_SIZE = 64;

  private static final long RE_NSUB = 48;

  /** glibc's regmatch_t: int rm_so, int rm_eo. */
  private static final long REGMATCH_SIZE = 8;

  /** All categories of glibc's locale.h, for newlocale(3). */
  private static final int LC_ALL_MASK = 0x1fbf;

  private static final int LONGEST_MESSAGE = 256;

  private static final MethodHandle REGCOMP =
      CLibrary.function("regcomp", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
  private static final MethodHandle REGEXEC =
      CLibrary.function(
          "regexec",
          FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT));
  private static final MethodHandle REGERROR =
      CLibrary.function(
          "regerror", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle REGFREE =
      CLibrary.function("regfree", FunctionDescriptor.ofVoid(JAVA_LONG));
  private static final MethodHandle USELOCALE =
      CLibrary.function("uselocale", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
  private static final long C_LOCALE = newCLocale();

  /**
   * Up to this length of a subject, bytes, a tame pattern takes no long time; over it, the C
   * library takes time with the square of the length.
   */
  private static final int LONGEST_QUICK = 512;

  /**
   * The C library keeps a state for each set of places in the pattern that it has met, and there
   * can be as many of them as there were bytes: after so many the pattern is compiled again.
   */
  private static final int MOST_FED = 1 << 15;

  /** For how long a match may wait for another one of the same pattern, milliseconds. */
  private static final long PATIENCE = 2000;

  private final Arena arena;
  private final byte[] pattern;
  private final int options;
  private final boolean tame;
  private final int longest;
  private final Regex first;

  /** What was compiled for those who came while {@link #first} was in use, and is free again. */
  private final Queue<Regex> others = new ConcurrentLinkedQueue<>();

  /**
   * Held during a match that may take long. A match in the C library cannot be ended: of each
   * pattern no more than one goes on for ever.
   */
  private final Semaphore slow = new Semaphore(1, true);

  /**
   * A regex_t. The C library holds a lock on it during a match: who came next would wait, an event
   * loop too, and so each is used by one thread at a time.
   */
  private static final class Regex extends AtomicInteger {
    private static final long serialVersionUID = 1L;

    private static final int FREE = 0;
    private static final int TAKEN = 1;

    /** Of a table that is closed while a match goes on: it is freed when that ends. */
    private static final int ABANDONED = 2;

    private final transient MemorySegment memory;
    private final long address;
    private final int groups;
    private long fed;

    Regex(MemorySegment memory) {
      this.memory = memory;
      address = memory.address();
      groups = (int) memory.get(JAVA_LONG, RE_NSUB);
    }

    boolean tryTake() {
      return get() == FREE && compareAndSet(FREE, TAKEN);
    }

    void giveBack() {
      if (!compareAndSet(TAKEN, FREE)) {
        free(memory);
      }
    }

    /** The table is closed. */
    void abandon() {
      if (!compareAndSet(TAKEN, ABANDONED)) {
        free(memory);
      }
    }
  }

  private PosixRegex(Arena arena, byte[] pattern, int options, boolean tame, int longest)
      throws BadPatternException {
    this.arena = arena;
    this.pattern = pattern;
    this.options = options;
    this.tame = tame;
    this.longest = longest;
    this.first = compile();
  }

  /** Whether this is a system whose regex(3) is known here: the GNU C library. */
  public static boolean isSupported() {
    return CLibrary.has("gnu_get_libc_version");
  }

  /**
   * Compiles a pattern.
   *
   * @param arena until when the pattern is needed
   * @param pattern without a NUL
   * @param options {@link #REG_EXTENDED} and the like
   * @param tame whether the pattern is known to take no long time on any short subject
   * @param longest up to which length of a subject, bytes, it is tried
   */
  public static PosixRegex compile(
      Arena arena, byte[] pattern, int options, boolean tame, int longest)
      throws BadPatternException {
    return new PosixRegex(arena, pattern, options, tame, longest);
  }

  private Regex compile() throws BadPatternException {
    MemorySegment memory = Arena.ofAuto().allocate(REGEX_SIZE, 16);
    compile(memory);
    Regex regex = new Regex(memory);
    // What frees it also keeps it alive until then.
    MemorySegment _ = memory.reinterpret(arena, _ -> regex.abandon());
    return regex;
  }

  private void compile(MemorySegment regex) throws BadPatternException {
    try (Arena call = Arena.ofConfined()) {
      MemorySegment source = CLibrary.string(call, pattern);
      long before = (long) USELOCALE.invokeExact(C_LOCALE);
      int error;
      try {
        error = (int) REGCOMP.invokeExact(regex.address(), source.address(), options);
      } finally {
        long _ = (long) USELOCALE.invokeExact(before);
      }
      if (error != 0) {
        throw new BadPatternException(message(error, regex.address()));
      }
    } catch (BadPatternException e) {
      throw e;
    } catch (Throwable e) {
      throw CLibrary.unexpected(e);
    }
  }

  private static void free(MemorySegment regex) {
    try {
      REGFREE.invokeExact(regex.address());
    } catch (Throwable e) {
      throw CLibrary.unexpected(e);
    }
  }

  @Override
  public int groups() {
    return first.groups;
  }

  @Override
  public Answer match(Subject subject, int wanted, boolean atOnce)
      throws MatchFailedException, MatchRefusedException {
    boolean quick = tame && subject.length() <= LONGEST_QUICK;
    if (atOnce && !quick) {
      return Answer.TAKES_LONGER;
    }
    if (subject.length() > longest) {
      throw new MatchRefusedException(
          "the pattern is not tried on a key of %d bytes, only up to %d: for longer ones the C library needs too much time and memory; use fewer back-references, or pcre"
              .formatted(subject.length(), longest));
    }
    if (quick) {
      return match(subject, wanted);
    }
    try {
      if (!slow.tryAcquire(PATIENCE, TimeUnit.MILLISECONDS)) {
        throw new MatchRefusedException(
            "the pattern has been tried on another key for over %d seconds; use a simpler one, or pcre"
                .formatted(PATIENCE / 1000));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MatchRefusedException("interrupted while the pattern was tried on another key");
    }
    try {
      return match(subject, wanted);
    } finally {
      slow.release();
    }
  }

  private Answer match(Subject subject, int wanted) throws MatchFailedException {
    int pairs = wanted == 0 ? 0 : wanted + 1;
    if (pairs * REGMATCH_SIZE > subject.regmatch.byteSize()) {
      subject.regmatch = Arena.ofAuto().allocate(2L * pairs * REGMATCH_SIZE, 8);
    }
    Regex regex = take();
    int error;
    try {
      error = execute(regex, subject, pairs);
    } finally {
      giveBack(regex, subject.length());
    }
    if (error == REG_NOMATCH) {
      return Answer.NO_MATCH;
    }
    if (error != 0) {
      throw new MatchFailedException(message(error, regex.address));
    }
    for (int group = 0; group < pairs; group++) {
      int begin = subject.regmatch.get(JAVA_INT, group * REGMATCH_SIZE);
      int end = subject.regmatch.get(JAVA_INT, group * REGMATCH_SIZE + 4);
      subject.setGroup(group, Math.max(0, begin), begin < 0 ? 0 : end);
    }
    return Answer.MATCH;
  }

  private Regex take() throws MatchFailedException {
    if (first.tryTake()) {
      return first;
    }
    try {
      Regex other = others.poll();
      if (other == null) {
        other = compile();
      }
      other.tryTake();
      return other;
    } catch (BadPatternException e) { // it has been compiled before: no memory is left
      throw new MatchFailedException(String.valueOf(e.getMessage()));
    }
  }

  private void giveBack(Regex regex, int length) throws MatchFailedException {
    regex.fed += length;
    try {
      if (regex.fed > MOST_FED) {
        regex.fed = 0;
        free(regex.memory);
        compile(regex.memory);
      }
    } catch (BadPatternException e) { // it has been compiled before: no memory is left
      throw new MatchFailedException(String.valueOf(e.getMessage()));
    } finally {
      regex.giveBack();
      if (regex != first) {
        others.add(regex);
      }
    }
  }

  private static int execute(Regex regex, Subject subject, int pairs) {
    try {
      long before = (long) USELOCALE.invokeExact(C_LOCALE);
      try {
        return (int)
            REGEXEC.invokeExact(
                regex.address, subject.address(), (long) pairs, subject.regmatch.address(), 0);
      } finally {
        long _ = (long) USELOCALE.invokeExact(before);
      }
    } catch (Throwable e) {
      throw CLibrary.unexpected(e);
    }
  }

  private static String message(int error, long regex) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(LONGEST_MESSAGE);
      long _ = (long) REGERROR.invokeExact(error, regex, buffer.address(), buffer.byteSize());
      return CLibrary.text(buffer);
    } catch (Throwable e) {
      throw CLibrary.unexpected(e);
    }
  }

  private static long newCLocale() {
    try (Arena arena = Arena.ofConfined()) {
      MethodHandle newlocale =
          CLibrary.function(
              "newlocale", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
      return (long) newlocale.invokeExact(LC_ALL_MASK, arena.allocateFrom("C"), 0L);
    } catch (Throwable e) {
      throw CLibrary.unexpected(e);
    }
  }
}
