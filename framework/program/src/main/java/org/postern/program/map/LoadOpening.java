package org.postern.program.map;

import java.nio.file.Path;
import org.postern.config.Configuration;
import org.postern.platform.text.ByteStrings;
import org.postern.spi.Access;
import org.postern.spi.Parameters;
import org.postern.spi.Table;
import org.postern.spi.TableOpening;

/**
 * What a driver is told when a table is made.
 *
 * @param instanceFlags those that matter to the driver
 */
record LoadOpening(MapName map, int instanceFlags, Configuration configuration)
    implements TableOpening {

  @Override
  public String maptype() {
    return map.maptype();
  }

  @Override
  public String name() {
    return ByteStrings.decode(map.name());
  }

  @Override
  public byte[] nameBytes() {
    return ByteStrings.bytes(map.name());
  }

  @Override
  public Access access() {
    return Access.READ_WRITE;
  }

  @Override
  public Parameters parameters() {
    return configuration.parameters();
  }

  /** The table is made once. */
  @Override
  public void watch(Path file) {}

  @Override
  public Table openMember(byte[] typeAndName) {
    throw new UnsupportedOperationException("a table that is made has no members");
  }

  @Override
  public System.Logger logger() {
    return System.getLogger("org.postern.table." + maptype());
  }
}
