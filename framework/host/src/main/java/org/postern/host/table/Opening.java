package org.postern.host.table;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import org.postern.host.config.Configuration;
import org.postern.host.text.ByteStrings;
import org.postern.spi.Access;
import org.postern.spi.Parameters;
import org.postern.spi.Table;
import org.postern.spi.TableOpening;

/** What a driver sees of the host while it opens one table. */
final class Opening implements TableOpening {
  private final OpenTable table;
  private final OpenTables tables;
  private final Configuration configuration;
  private final WatchedFiles watched = new WatchedFiles();

  Opening(OpenTable table, OpenTables tables, Configuration configuration) {
    this.table = table;
    this.tables = tables;
    this.configuration = configuration;
  }

  WatchedFiles watched() {
    return watched;
  }

  @Override
  public String maptype() {
    return table.maptype();
  }

  @Override
  public String name() {
    return new String(nameBytes(), UTF_8);
  }

  @Override
  public byte[] nameBytes() {
    return ByteStrings.bytes(table.name());
  }

  @Override
  public Access access() {
    return tables.access();
  }

  @Override
  public int instanceFlags() {
    return table.instanceFlags();
  }

  @Override
  public Parameters parameters() {
    return configuration.parameters();
  }

  @Override
  public void watch(Path file) {
    watched.add(configuration.queueDirectory().resolve(file));
  }

  @Override
  public Table openMember(String typeAndName) {
    OpenTable member = tables.member(typeAndName, table.instanceFlags());
    member.awaitSettled();
    return new MemberTable(member);
  }

  @Override
  public System.Logger logger() {
    return System.getLogger("org.postern.table." + table.maptype());
  }
}
