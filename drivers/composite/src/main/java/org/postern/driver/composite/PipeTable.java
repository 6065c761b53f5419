package org.postern.driver.composite;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postern.platform.text.CStrings;
import org.postern.spi.Backend;
import org.postern.spi.Found;
import org.postern.spi.LookupResult;
import org.postern.spi.Table;

/** One table after the other; the first that does not find its key ends the lookup. */
record PipeTable(Members members) implements Table {

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
    return Objects.requireNonNull(pipe(key, MemberTable::lookup));
  }

  @Override
  public @Nullable LookupResult lookupAtOnce(byte[] key, int flags) {
    return pipe(key, MemberTable::lookupAtOnce);
  }

  @Override
  public LookupResult explain(byte[] key, int flags, Consumer<String> told) {
    return Objects.requireNonNull(pipe(key, (member, asked) -> member.explain(asked, told)));
  }

  private @Nullable LookupResult pipe(byte[] key, MemberTable.Question question) {
    byte[] next = key;
    for (MemberTable member : members.inOrder()) {
      LookupResult result = question.ask(member, next);
      if (!(result instanceof Found found)) {
        return result;
      }
      next = CStrings.untilNul(found.value());
    }
    return new Found(next);
  }
}
