package org.postern.driver.pattern;

import java.lang.foreign.Arena;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import org.postern.driver.pattern.libc.BadPatternException;
import org.postern.driver.pattern.libc.CompiledPattern;
import org.postern.driver.pattern.libc.Pcre2;
import org.postern.platform.text.ByteText;
import org.postern.spi.Table;
import org.postern.spi.TableDriver;
import org.postern.spi.TableOpening;
import org.postern.spi.TableUnavailableException;

/** The {@code pcre} type: pcre_table(5), by libpcre2. Read-only. */
public final class PcreDriver implements TableDriver {
  private final Supplier<Pcre2> library;

  public PcreDriver() {
    this(Pcre2::load);
  }

  /**
   * @param library throws UnsupportedOperationException when there is none
   */
  PcreDriver(Supplier<Pcre2> library) {
    this.library = library;
  }

  @Override
  public Set<String> maptypes() {
    return Set.of("pcre");
  }

  @Override
  public int instanceFlags() {
    return RuleTables.INSTANCE_FLAGS;
  }

  @Override
  public void preload() {
    Pcre2.load();
  }

  @Override
  public Table open(TableOpening opening) throws TableUnavailableException {
    try {
      return RuleTables.open(opening, new Syntax(library.get()));
    } catch (UnsupportedOperationException e) {
      throw new TableUnavailableException("pcre:" + opening.name() + ": " + e.getMessage(), e);
    }
  }

  record Syntax(Pcre2 library) implements PatternSyntax {
    @Override
    public int defaultOptions() {
      return Pcre2.CASELESS | Pcre2.DOTALL;
    }

    @Override
    public OptionalInt option(char flag) {
      return switch (flag) {
        case 'i' -> OptionalInt.of(Pcre2.CASELESS);
        case 'm' -> OptionalInt.of(Pcre2.MULTILINE);
        case 's' -> OptionalInt.of(Pcre2.DOTALL);
        case 'x' -> OptionalInt.of(Pcre2.EXTENDED);
        case 'A' -> OptionalInt.of(Pcre2.ANCHORED);
        case 'E' -> OptionalInt.of(Pcre2.DOLLAR_ENDONLY);
        case 'U' -> OptionalInt.of(Pcre2.UNGREEDY);
        default -> OptionalInt.empty();
      };
    }

    @Override
    public boolean isObsolete(char flag) {
      return flag == 'X';
    }

    @Override
    public boolean hasSecondPattern() {
      return false;
    }

    @Override
    public boolean lastBackslashCloses() {
      return false;
    }

    @Override
    public String fateOfUnclosed() {
      return "ignoring this rule";
    }

    @Override
    public String outOfRange() {
      return "out of range";
    }

    @Override
    public String requiredLiteral(String pattern, int options) {
      return (options & Pcre2.EXTENDED) != 0 ? "" : RequiredLiteral.ofPerl(pattern);
    }

    @Override
    public CompiledPattern compile(Arena arena, String pattern, int options, int wanted)
        throws BadPatternException {
      return library.compile(arena, ByteText.bytes(pattern), options);
    }
  }
}
