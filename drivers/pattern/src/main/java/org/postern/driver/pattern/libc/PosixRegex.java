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
import java.util.concurrent.atomic.AtomicBoolean;

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

  private final Arena arena;
  private final byte[] pattern;
  private final int options;
  private final boolean tame;
  private final Regex first;

  /** What was compiled for those who came while {@link #first} was in use, and is free again. */
  private final Queue<Regex> others = new ConcurrentLinkedQueue<>();

  /**
   * A regex_t. The C library holds a lock on it during a match: who came next would wait, an event
   * loop too, and so each is used by one thread at a time.
   */
  private static final class Regex extends AtomicBoolean {
    private static final long serialVersionUID = 1L;

    private final long address;
    private final int groups;

    Regex(MemorySegment memory) {
      address = memory.address();
      groups = (int) memory.get(JAVA_LONG, RE_NSUB);
    }

    boolean tryTake() {
      return !get() && compareAndSet(false, true);
    }

    void giveBack() {
      lazySet(false);
    }
  }

  private PosixRegex(Arena arena, byte[] pattern, int options, boolean tame)
      throws BadPatternException {
    this.arena = arena;
    this.pattern = pattern;
    this.options = options;
    this.tame = tame;
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
   */
  public static PosixRegex compile(Arena arena, byte[] pattern, int options, boolean tame)
      throws BadPatternException {
    return new PosixRegex(arena, pattern, options, tame);
  }

  private Regex compile() throws BadPatternException {
    try (Arena call = Arena.ofConfined()) {
      MemorySegment regex = Arena.ofAuto().allocate(REGEX_SIZE, 16);
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
      // What frees it also keeps it alive until then.
      MemorySegment _ = regex.reinterpret(arena, _ -> free(regex));
      return new Regex(regex);
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
  public Answer match(Subject subject, int wanted, boolean atOnce) throws MatchFailedException {
    if (atOnce && !tame) {
      return Answer.TAKES_LONGER;
    }
    int pairs = wanted == 0 ? 0 : wanted + 1;
    if (pairs * REGMATCH_SIZE > subject.regmatch.byteSize()) {
      subject.regmatch = Arena.ofAuto().allocate(2L * pairs * REGMATCH_SIZE, 8);
    }
    Regex regex = take();
    int error;
    try {
      error = execute(regex, subject, pairs);
    } finally {
      giveBack(regex);
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
    Regex other = others.poll();
    try {
      return other != null ? other : compile();
    } catch (BadPatternException e) { // it has been compiled before: no memory is left
      throw new MatchFailedException(String.valueOf(e.getMessage()));
    }
  }

  private void giveBack(Regex regex) {
    if (regex == first) {
      regex.giveBack();
    } else {
      others.add(regex);
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
