package org.postern.driver.composite;

import java.util.Set;
import org.postern.platform.text.ByteText;
import org.postern.spi.Table;
import org.postern.spi.TableDriver;
import org.postern.spi.TableOpening;

/**
 * The {@code debug} type: {@code debug:type:name} is the table {@code type:name}, and logs every
 * access to it. In Postfix from 3.11 on; dict_debug(3) tells of it.
 */
public final class DebugDriver implements TableDriver {

  @Override
  public Set<String> maptypes() {
    return Set.of("debug");
  }

  @Override
  public int instanceFlags() {
    return MemberFlags.INSTANCE_FLAGS;
  }

  @Override
  public Table open(TableOpening opening) {
    byte[] name = opening.nameBytes();
    return new DebugTable(
        opening.openMember(name), ByteText.printable(ByteText.of(name)), opening.logger());
  }
}
