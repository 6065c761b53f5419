package org.postern.driver.composite;

import org.jspecify.annotations.Nullable;
import org.postern.platform.text.CStrings;
import org.postern.spi.Found;
import org.postern.spi.LookupResult;

/** One table after the other; the first that does not find its key ends the lookup. */
record PipeTable(Members members) implements CompositeTable {

  @Override
  public @Nullable LookupResult ask(byte[] key, MemberTable.Question question) {
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
