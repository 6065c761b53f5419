package org.postern.driver.composite;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postern.spi.Backend;
import org.postern.spi.LookupResult;
import org.postern.spi.Table;

/** A table whose answer is made of its members' answers, in whichever way they are asked. */
interface CompositeTable extends Table {

  Members members();

  /**
   * Asks the members.
   *
   * @return null as soon as the answer to a question is
   */
  @Nullable LookupResult ask(byte[] key, MemberTable.Question question);

  @Override
  default int flags() {
    return members().flags();
  }

  @Override
  default boolean answersFromMemory() {
    return members().answerFromMemory();
  }

  @Override
  default Optional<Backend> backend() {
    return members().backend();
  }

  @Override
  default LookupResult lookup(byte[] key, int flags) {
    return Objects.requireNonNull(ask(key, MemberTable::lookup));
  }

  @Override
  default @Nullable LookupResult lookupAtOnce(byte[] key, int flags) {
    return ask(key, MemberTable::lookupAtOnce);
  }

  @Override
  default LookupResult explain(byte[] key, int flags, Consumer<String> told) {
    return Objects.requireNonNull(ask(key, (member, asked) -> member.explain(asked, told)));
  }
}
