package org.postern.driver.composite;

import java.io.ByteArrayOutputStream;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postern.platform.text.CStrings;
import org.postern.spi.Backend;
import org.postern.spi.ConfigError;
import org.postern.spi.Found;
import org.postern.spi.LookupResult;
import org.postern.spi.NotFound;
import org.postern.spi.Retry;
import org.postern.spi.Table;

/**
 * The answers of all tables, joined with commas. An empty answer counts only behind another one: as
 * in Postfix, it makes a comma at the end, and alone it is as good as none.
 */
record UnionTable(Members members) implements Table {

  @Override
  public int flags() {
    return members.flags();
  }

  @Override
  public boolean answersFromMemory() {
    return members.answerFromMemory();
  }

  @Override
  public Optional<Backend> backend() {
    return members.backend();
  }

  @Override
  public LookupResult lookup(byte[] key, int flags) {
    return Objects.requireNonNull(union(key, MemberTable::lookup));
  }

  @Override
  public @Nullable LookupResult lookupAtOnce(byte[] key, int flags) {
    return union(key, MemberTable::lookupAtOnce);
  }

  @Override
  public LookupResult explain(byte[] key, int flags, Consumer<String> told) {
    return Objects.requireNonNull(union(key, (member, asked) -> member.explain(asked, told)));
  }

  private @Nullable LookupResult union(byte[] key, MemberTable.Question question) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (MemberTable member : members.inOrder()) {
      switch (question.ask(member, key)) {
        case Found(byte[] value, int _) -> {
          if (all.size() > 0) {
            all.write(',');
          }
          all.writeBytes(CStrings.untilNul(value));
        }
        case NotFound _ -> {}
        case Retry retry -> {
          return retry;
        }
        case ConfigError error -> {
          return error;
        }
        case null -> {
          return null;
        }
      }
    }
    return all.size() > 0 ? new Found(all.toByteArray()) : NotFound.NOT_FOUND;
  }
}
