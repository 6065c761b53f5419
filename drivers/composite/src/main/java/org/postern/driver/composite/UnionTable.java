package org.postern.driver.composite;

import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;
import org.postern.platform.text.CStrings;
import org.postern.spi.Found;
import org.postern.spi.LookupResult;
import org.postern.spi.NotFound;

/**
 * The answers of all tables, joined with commas. An empty answer counts only behind another one: as
 * in Postfix, it makes a comma at the end, and alone it is as good as none.
 */
record UnionTable(Members members) implements CompositeTable {

  @Override
  public @Nullable LookupResult ask(byte[] key, MemberTable.Question question) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (MemberTable member : members.inOrder()) {
      LookupResult result = question.ask(member, key);
      if (result instanceof Found(byte[] value, int _)) {
        if (all.size() > 0) {
          all.write(',');
        }
        all.writeBytes(CStrings.untilNul(value));
      } else if (!(result instanceof NotFound)) {
        return result; // an error; or null, when it cannot be told without waiting
      }
    }
    return all.size() > 0 ? new Found(all.toByteArray()) : NotFound.NOT_FOUND;
  }
}
