package org.postern.driver.pattern;

import java.lang.foreign.Arena;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.postern.driver.pattern.libc.BadPatternException;
import org.postern.driver.pattern.libc.CompiledPattern;
import org.postern.driver.pattern.libc.PosixRegex;
import org.postern.platform.text.ByteText;
import org.postern.spi.Table;
import org.postern.spi.TableDriver;
import org.postern.spi.TableOpening;
import org.postern.spi.TableUnavailableException;

/** The {@code regexp} type: regexp_table(5), by the C library's regular expressions. Read-only. */
public final class RegexpDriver implements TableDriver {
  private final BooleanSupplier isSupported;

  public RegexpDriver() {
    this(PosixRegex::isSupported);
  }

  /**
   * @param isSupported whether the C library is one whose regex(3) is known
   */
  RegexpDriver(BooleanSupplier isSupported) {
    this.isSupported = isSupported;
  }

  @Override
  public Set<String> maptypes() {
    return Set.of("regexp");
  }

  @Override
  public int instanceFlags() {
    return RuleTables.INSTANCE_FLAGS;
  }

  @Override
  public Table open(TableOpening opening) throws TableUnavailableException {
    if (!isSupported.getAsBoolean()) {
      throw new TableUnavailableException(
          "regexp:%s: regexp tables need the GNU C library; use pcre instead"
              .formatted(opening.name()));
    }
    return RuleTables.open(opening, new Syntax());
  }

  static final class Syntax implements PatternSyntax {
    /** Bytes of a key for patterns that refer back to one group, and to several. */
    static final int LONGEST_FOR_ONE = 1024;

    static final int LONGEST_FOR_MORE = 256;

    @Override
    public int defaultOptions() {
      return PosixRegex.REG_EXTENDED | PosixRegex.REG_ICASE;
    }

    @Override
    public OptionalInt option(char flag) {
      return switch (flag) {
        case 'i' -> OptionalInt.of(PosixRegex.REG_ICASE);
        case 'm' -> OptionalInt.of(PosixRegex.REG_NEWLINE);
        case 'x' -> OptionalInt.of(PosixRegex.REG_EXTENDED);
        default -> OptionalInt.empty();
      };
    }

    @Override
    public boolean isObsolete(char flag) {
      return false;
    }

    @Override
    public boolean hasSecondPattern() {
      return true;
    }

    @Override
    public boolean lastBackslashCloses() {
      return true;
    }

    @Override
    public String fateOfUnclosed() {
      return "skipping this rule";
    }

    @Override
    public String outOfRange() {
      return "out-of-range";
    }

    @Override
    public String requiredLiteral(String pattern, int options) {
      return (options & PosixRegex.REG_EXTENDED) == 0 ? "" : RequiredLiteral.ofExtended(pattern);
    }

    @Override
    public long memory(String pattern, int options) {
      return RegexpDemand.bytes(pattern, (options & PosixRegex.REG_EXTENDED) != 0);
    }

    @Override
    public CompiledPattern compile(Arena arena, String pattern, int options, int wanted)
        throws BadPatternException {
      return PosixRegex.compile(
          arena,
          ByteText.bytes(pattern),
          wanted == 0 ? options | PosixRegex.REG_NOSUB : options,
          isTame(pattern),
          longest(pattern));
    }

    /**
     * Up to which length keys are tried. With a back-reference the C library takes memory with the
     * square of the key's length, 8 bytes for each pair of its bytes (9 MB for 1,024 bytes, 78 MB
     * for 3,200, 27 GB for 60,000), and as much time; with references to several groups a higher
     * power of it. Addresses and names are shorter.
     */
    private static int longest(String pattern) {
      long groups = references(pattern).distinct().count();
      return groups == 0 ? Integer.MAX_VALUE : groups == 1 ? LONGEST_FOR_ONE : LONGEST_FOR_MORE;
    }

    /** The digits that follow a backslash. */
    private static IntStream references(String pattern) {
      return IntStream.range(1, pattern.length())
          .filter(i -> Character.isDigit(pattern.charAt(i)) && isEscaped(pattern, i))
          .map(pattern::charAt);
    }

    private static boolean isEscaped(String pattern, int index) {
      int backslashes = 0;
      while (backslashes < index && pattern.charAt(index - 1 - backslashes) == '\\') {
        backslashes++;
      }
      return backslashes % 2 == 1;
    }

    /**
     * Whether the C library's matcher, which has no limits, is quick with a pattern: nothing in it
     * that makes it go back, or that multiplies it. What only looks so costs a worker's time.
     */
    private static boolean isTame(String pattern) {
      boolean afterGroup = false;
      for (int i = 0; i < pattern.length(); i++) {
        char c = pattern.charAt(i);
        boolean repeated = c == '*' || c == '+' || c == '?';
        boolean reference =
            c == '\\' && i + 1 < pattern.length() && Character.isDigit(pattern.charAt(i + 1));
        if (c == '{' || reference || (repeated && afterGroup)) {
          return false;
        }
        afterGroup = c == ')' || (afterGroup && c == '\\');
      }
      return true;
    }
  }
}
