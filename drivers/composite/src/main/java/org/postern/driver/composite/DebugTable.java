package org.postern.driver.composite;

import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postern.platform.text.ByteText;
import org.postern.platform.text.CStrings;
import org.postern.spi.Backend;
import org.postern.spi.ChangeResult;
import org.postern.spi.Changed;
import org.postern.spi.ConfigError;
import org.postern.spi.Entry;
import org.postern.spi.Found;
import org.postern.spi.LookupResult;
import org.postern.spi.NotFound;
import org.postern.spi.Retry;
import org.postern.spi.Sequence;
import org.postern.spi.SequenceResult;
import org.postern.spi.Table;

/**
 * Passes everything on as it is, the request's flags too, and logs it with what came of it, a line
 * for each.
 *
 * @param name the member's, for the log
 */
record DebugTable(Table member, String name, System.Logger logger) implements Table {

  @Override
  public int flags() {
    return member.flags();
  }

  @Override
  public boolean answersFromMemory() {
    return member.answersFromMemory();
  }

  @Override
  public Optional<Backend> backend() {
    return member.backend();
  }

  @Override
  public LookupResult lookup(byte[] key, int flags) {
    return logged(key, member.lookup(key, flags));
  }

  @Override
  public @Nullable LookupResult lookupAtOnce(byte[] key, int flags) {
    LookupResult result =
        member.answersFromMemory() ? member.lookup(key, flags) : member.lookupAtOnce(key, flags);
    return result == null ? null : logged(key, result);
  }

  @Override
  public LookupResult explain(byte[] key, int flags, Consumer<String> told) {
    return logged(key, member.explain(key, flags, told));
  }

  private LookupResult logged(byte[] key, LookupResult result) {
    String outcome =
        switch (result) {
          case Found(byte[] value, int _) -> printable(value);
          case NotFound _ -> "not_found";
          case Retry _, ConfigError _ -> "error";
        };
    log("lookup: \"" + printable(key) + "\" = \"" + outcome + '"');
    return result;
  }

  @Override
  public ChangeResult update(byte[] key, byte[] value, int flags) {
    ChangeResult result = member.update(key, value, flags);
    log("update: \"" + printable(key) + "\" = \"" + printable(value) + "\": " + outcome(result));
    return result;
  }

  @Override
  public ChangeResult delete(byte[] key, int flags) {
    ChangeResult result = member.delete(key, flags);
    log("delete: \"" + printable(key) + "\": " + outcome(result));
    return result;
  }

  private static String outcome(ChangeResult result) {
    return switch (result) {
      case Changed _ -> "success";
      case NotFound _ -> "failed";
      case Retry _, ConfigError _ -> "error";
    };
  }

  @Override
  public Sequence sequence(int flags) {
    return new LoggedWalk(member.sequence(flags));
  }

  private void log(String access) {
    logger.log(System.Logger.Level.INFO, name + ' ' + access);
  }

  private static String printable(byte[] bytes) {
    return ByteText.printable(ByteText.of(CStrings.untilNul(bytes)));
  }

  private final class LoggedWalk implements Sequence {
    private final Sequence walk;

    LoggedWalk(Sequence walk) {
      this.walk = walk;
    }

    @Override
    public SequenceResult next() {
      SequenceResult step = walk.next();
      switch (step) {
        case Entry(byte[] key, byte[] value) ->
            log("sequence: \"" + printable(key) + "\" = \"" + printable(value) + '"');
        case NotFound _, Retry _, ConfigError _ -> log("sequence: found EOF");
      }
      return step;
    }

    @Override
    public void close() {
      walk.close();
    }
  }
}
