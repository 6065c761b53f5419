package org.postern.driver.pattern.libc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.postern.platform.libc.CLibrary;

/**
 * libpcre2-8, pcre2api(3). A match is tried with the just-in-time compiler first, which counts its
 * steps in another way than the interpreter that Postfix has: it is given up long before the
 * interpreter would reach the limits that Postfix leaves it. Then the interpreter decides, so that
 * both end alike.
 */
public final class Pcre2 {
  /** Pattern options: pcre2.h. */
  public static final int DOLLAR_ENDONLY = 0x10;

  public static final int CASELESS = 0x8;
  public static final int DOTALL = 0x20;
  public static final int EXTENDED = 0x80;
  public static final int MULTILINE = 0x400;
  public static final int UNGREEDY = 0x40000;
  public static final int ANCHORED = 0x80000000;

  private static final String LIBRARY = "libpcre2-8.so.0";
  private static final int JIT_COMPLETE = 1;
  private static final int NO_JIT = 0x2000;
  private static final int INFO_CAPTURECOUNT = 4;
  private static final int ERROR_NOMATCH = -1;
  private static final int ERROR_MATCHLIMIT = -47;
  private static final int ERROR_HEAPLIMIT = -63;
  private static final int LONGEST_MESSAGE = 256;

  /**
   * What the interpreter may take for places to go back to, KiB. Its own limit is 20 GB, its limit
   * of steps lets it take more than one, and it would keep them for the next match.
   */
  private static final int MOST_HEAP = 64 << 10;

  /**
   * How often the just-in-time compiler's code may go back, from each place where a match may
   * begin: it takes some ten microseconds.
   */
  private static final int JIT_MATCH_LIMIT = 250;

  /**
   * Up to this length the interpreter stays below its limit of ten million steps where the
   * just-in-time compiler counts so few: one of those is at most one for each byte of the subject.
   */
  private static final int LONGEST_FOR_JIT = 4096;

  /** pcre2_get_ovector_pointer gives what a group that took no part begins with. */
  private static final long UNSET = ~0L;

  private final MethodHandle compile;
  private final MethodHandle codeFree;
  private final MethodHandle jitCompile;
  private final MethodHandle patternInfo;
  private final MethodHandle matchDataCreate;
  private final MethodHandle matchDataFree;
  private final MethodHandle match;
  private final MethodHandle getOvector;
  private final MethodHandle getErrorMessage;
  private final long jitContext;
  private final long interpreterContext;

  private static @Nullable Pcre2 loaded;

  private Pcre2(SymbolLookup library) {
    compile =
        CLibrary.function(
            library,
            "pcre2_compile_8",
            FunctionDescriptor.of(
                JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG));
    codeFree = CLibrary.function(library, "pcre2_code_free_8", FunctionDescriptor.ofVoid(ADDRESS));
    jitCompile =
        CLibrary.function(
            library, "pcre2_jit_compile_8", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT));
    patternInfo =
        CLibrary.function(
            library,
            "pcre2_pattern_info_8",
            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, ADDRESS));
    matchDataCreate =
        CLibrary.function(
            library,
            "pcre2_match_data_create_8",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG));
    matchDataFree =
        CLibrary.function(library, "pcre2_match_data_free_8", FunctionDescriptor.ofVoid(ADDRESS));
    match =
        CLibrary.function(
            library,
            "pcre2_match_8",
            FunctionDescriptor.of(
                JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG,
                JAVA_LONG));
    getOvector =
        CLibrary.function(
            library, "pcre2_get_ovector_pointer_8", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
    getErrorMessage =
        CLibrary.function(
            library,
            "pcre2_get_error_message_8",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG));
    jitContext = context(library, "pcre2_set_match_limit_8", JIT_MATCH_LIMIT);
    interpreterContext = context(library, "pcre2_set_heap_limit_8", MOST_HEAP);
  }

  /**
   * The library of this system. One that is not there is looked for again the next time.
   *
   * @throws UnsupportedOperationException when there is none, with what to install
   */
  public static synchronized Pcre2 load() {
    if (loaded == null) {
      loaded = load(LIBRARY);
    }
    return loaded;
  }

  /**
   * A library.
   *
   * @param name as for dlopen(3)
   */
  public static Pcre2 load(String name) {
    try {
      return new Pcre2(SymbolLookup.libraryLookup(name, Arena.global()));
    } catch (IllegalArgumentException e) {
      throw new UnsupportedOperationException(
          "cannot load " + name + ": install PCRE2, on Debian the package libpcre2-8-0", e);
    } catch (NoSuchElementException e) {
      throw new UnsupportedOperationException(
          name + " is not PCRE2 10.x: " + e.getMessage() + "; install its 8-bit library", e);
    }
  }

  private static long context(SymbolLookup library, String limit, int value) {
    try {
      MethodHandle create =
          CLibrary.function(
              library, "pcre2_match_context_create_8", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
      MethodHandle setLimit =
          CLibrary.function(library, limit, FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT));
      long context = (long) create.invokeExact(0L);
      int _ = (int) setLimit.invokeExact(context, value);
      return context;
    } catch (Throwable e) {
      throw CLibrary.unexpected(e);
    }
  }

  /**
   * Compiles a pattern.
   *
   * @param arena until when the pattern is needed
   * @param pattern without a NUL
   * @param options {@link #CASELESS} and the like
   */
  public CompiledPattern compile(Arena arena, byte[] pattern, int options)
      throws BadPatternException {
    try (Arena call = Arena.ofConfined()) {
      MemorySegment error = call.allocate(JAVA_INT);
      MemorySegment offset = call.allocate(JAVA_LONG);
      long code =
          (long)
              compile.invokeExact(
                  CLibrary.string(call, pattern),
                  (long) pattern.length,
                  options,
                  error,
                  offset,
                  0L);
      if (code == 0) {
        throw new BadPatternException(
            "error in regex at offset %d: %s"
                .formatted(offset.get(JAVA_LONG, 0), message(error.get(JAVA_INT, 0))));
      }
      MemorySegment _ = MemorySegment.ofAddress(code).reinterpret(arena, this::freeCode);
      int _ = (int) jitCompile.invokeExact(code, JIT_COMPLETE); // without it, it is slower
      MemorySegment groups = call.allocate(JAVA_INT);
      int _ = (int) patternInfo.invokeExact(code, INFO_CAPTURECOUNT, groups);
      return new Code(code, groups.get(JAVA_INT, 0));
    } catch (BadPatternException e) {
      throw e;
    } catch (Throwable e) {
      throw CLibrary.unexpected(e);
    }
  }

  private void freeCode(MemorySegment code) {
    try {
      codeFree.invokeExact(code);
    } catch (Throwable e) {
      throw CLibrary.unexpected(e);
    }
  }

  private void freeMatchData(MemorySegment data) {
    try {
      matchDataFree.invokeExact(data);
    } catch (Throwable e) {
      throw CLibrary.unexpected(e);
    }
  }

  private String message(int error) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(LONGEST_MESSAGE);
      int length = (int) getErrorMessage.invokeExact(error, buffer, buffer.byteSize());
      return length > 0 ? CLibrary.text(buffer) : "unexpected pcre2 error code " + error;
    } catch (Throwable e) {
      throw CLibrary.unexpected(e);
    }
  }

  private final class Code implements CompiledPattern {
    private final long code;
    private final int groups;

    Code(long code, int groups) {
      this.code = code;
      this.groups = groups;
    }

    @Override
    public int groups() {
      return groups;
    }

    @Override
    public Answer match(Subject subject, int wanted, boolean atOnce)
        throws MatchFailedException, MatchRefusedException {
      try {
        prepare(subject, wanted + 1);
        int result =
            subject.length() <= LONGEST_FOR_JIT
                ? execute(subject, 0, jitContext)
                : ERROR_MATCHLIMIT;
        if (result < ERROR_NOMATCH) {
          if (atOnce) {
            return Answer.TAKES_LONGER;
          }
          result = execute(subject, NO_JIT, interpreterContext);
        }
        if (result == ERROR_NOMATCH) {
          return Answer.NO_MATCH;
        }
        if (result == ERROR_HEAPLIMIT) {
          throw new MatchRefusedException(
              "the pattern needs more than %d MB for a key of %d bytes"
                  .formatted(MOST_HEAP >> 10, subject.length()));
        }
        if (result < 0) {
          throw new MatchFailedException(message(result));
        }
        if (wanted > 0) {
          tellGroups(subject, wanted);
        }
        return Answer.MATCH;
      } catch (MatchFailedException | MatchRefusedException e) {
        throw e;
      } catch (Throwable e) {
        throw CLibrary.unexpected(e);
      } finally {
        if (subject.length() > LONGEST_FOR_JIT) {
          subject.forgetMatchData(); // it holds the memory that the match has taken
        }
      }
    }

    private int execute(Subject subject, int options, long context) throws Throwable {
      return (int)
          match.invokeExact(
              code,
              subject.address(),
              (long) subject.length(),
              0L,
              options,
              subject.matchData,
              context);
    }

    private void prepare(Subject subject, int pairs) throws Throwable {
      if (pairs > subject.matchDataPairs) {
        int room = Math.max(16, 2 * pairs);
        MemorySegment data =
            MemorySegment.ofAddress((long) matchDataCreate.invokeExact(room, 0L))
                .reinterpret(Arena.ofAuto(), Pcre2.this::freeMatchData);
        subject.setMatchData(data, room);
      }
    }

    private void tellGroups(Subject subject, int wanted) throws Throwable {
      MemorySegment pairs =
          MemorySegment.ofAddress((long) getOvector.invokeExact(subject.matchData))
              .reinterpret(16L * (wanted + 1));
      for (int group = 0; group <= wanted; group++) {
        long begin = pairs.getAtIndex(JAVA_LONG, 2L * group);
        long end = pairs.getAtIndex(JAVA_LONG, 2L * group + 1);
        // \K in a look-ahead can put the end before the begin
        subject.setGroup(
            group, begin == UNSET ? 0 : begin, begin == UNSET ? 0 : Math.max(begin, end));
      }
    }
  }
}
