package org.postern.host.table;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postern.host.config.Configuration;
import org.postern.host.config.WatchedFiles;
import org.postern.host.text.ByteStrings;
import org.postern.spi.Access;
import org.postern.spi.Parameters;
import org.postern.spi.Table;
import org.postern.spi.TableFlags;
import org.postern.spi.TableOpening;

/** What a driver sees of the host while it opens one table. */
final class Opening implements TableOpening {
  private static final String PROXY = "proxy:";

  private final OpenTable table;
  private final OpenTables tables;
  private final Configuration configuration;
  private final NotedParameters parameters;
  private final WatchedFiles watched = new WatchedFiles();
  private final List<Member> members = new ArrayList<>();
  private final Set<OpenTable> parts = new LinkedHashSet<>();

  Opening(OpenTable table, OpenTables tables, Configuration configuration) {
    this.table = table;
    this.tables = tables;
    this.configuration = configuration;
    this.parameters = new NotedParameters(configuration);
  }

  WatchedFiles watched() {
    return watched;
  }

  /** Whether the table would have been opened with other parameters. */
  boolean differsIn(Configuration changed) {
    return parameters.differIn(changed);
  }

  /** The members that the driver has asked for, with a lease on each that is ready. */
  List<Member> members() {
    return members;
  }

  /** The tables of the cache among them. */
  Set<OpenTable> parts() {
    return parts;
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
    return parameters;
  }

  @Override
  public void watch(Path file) {
    watched.add(configuration.queueDirectory().resolve(file));
  }

  @Override
  public void watchName(Path file) {
    watched.addName(configuration.queueDirectory().resolve(file));
  }

  @Override
  public Table openMember(byte[] typeAndName) {
    String name = ByteStrings.of(typeAndName);
    while (name.startsWith(PROXY)) {
      name = name.substring(PROXY.length());
    }
    Member member = member(name);
    members.add(member);
    return member;
  }

  private Member member(String name) {
    if (name.indexOf(':') <= 0) {
      return new UnavailableMember(name, OpenTable.notTypeAndName(name), false);
    }
    OpenTable member = tables.get(name, table.instanceFlags());
    Optional<String> impossible = member.becomePartOf(table);
    if (impossible.isPresent()) {
      return unavailable(name, new TableState.Unavailable(impossible.get(), true));
    }
    parts.add(member);
    member.awaitSettled();
    while (true) {
      switch (member.state()) {
        case TableState.Ready(TableInstance instance) -> {
          // A failed lease means that a newer instance has just taken this one's place.
          if (instance.tryLease()) {
            return new ReadyMember(name, instance, access(), utf8());
          }
        }
        case TableState.Unavailable unavailable -> {
          return unavailable(name, unavailable);
        }
        case TableState.Opening _ -> throw new IllegalStateException(name);
      }
    }
  }

  private UnavailableMember unavailable(String name, TableState.Unavailable why) {
    return new UnavailableMember(name, why, why.supported() && utf8());
  }

  private boolean utf8() {
    return (table.instanceFlags() & TableFlags.UTF8_REQUEST) != 0
        && parameters.get("smtputf8_enable").isPresent() // noted
        && configuration.bool("smtputf8_enable");
  }

  @Override
  public System.Logger logger() {
    return System.getLogger("org.postern.table." + table.maptype());
  }
}
