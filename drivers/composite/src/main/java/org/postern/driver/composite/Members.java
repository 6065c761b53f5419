package org.postern.driver.composite;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postern.platform.text.ByteText;
import org.postern.spi.Backend;
import org.postern.spi.Table;
import org.postern.spi.TableFlags;
import org.postern.spi.TableOpening;
import org.postern.spi.TableUnavailableException;

/**
 * What a pipemap or unionmap is made of.
 *
 * @param inOrder at least one, as the name lists them
 * @param backend what the members wait for, if any does
 */
record Members(List<MemberTable> inOrder, Optional<Backend> backend) {

  static Members open(TableOpening opening) throws TableUnavailableException {
    NameList list = new NameList(opening, "type:name");
    List<String> words = list.words();
    if (!words.stream().allMatch(word -> word.indexOf(':') >= 0)) {
      throw list.badSyntax();
    }
    List<MemberTable> members = new ArrayList<>();
    for (String word : words) {
      Table table = opening.openMember(ByteText.bytes(word));
      members.add(new MemberTable(table, opening.instanceFlags() | table.flags()));
    }
    return new Members(List.copyOf(members), backend(members, opening));
  }

  /**
   * Several backends' own workers cannot share one lookup: it gets others, as many as the backend
   * with the fewest has.
   */
  private static Optional<Backend> backend(List<MemberTable> members, TableOpening opening) {
    List<Backend> backends =
        members.stream().flatMap(member -> member.table().backend().stream()).distinct().toList();
    return backends.size() < 2
        ? backends.stream().findFirst()
        : backends.stream().mapToInt(Backend::workers).min().stream()
            .mapToObj(fewest -> new Backend(opening.maptype() + ":" + opening.name(), fewest))
            .findFirst();
  }

  /** Whether all of them do; of one that cannot be opened, that is what it does. */
  boolean answerFromMemory() {
    return inOrder.stream().allMatch(member -> member.table().answersFromMemory());
  }

  /** The first one tells whether keys are fixed strings. */
  int flags() {
    return inOrder.getFirst().table().flags() & (TableFlags.FIXED | TableFlags.PATTERN);
  }
}
