package org.postern.host.table;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.postern.config.Configuration;
import org.postern.config.WatchedFiles;
import org.postern.platform.text.ByteStrings;
import org.postern.spi.Access;
import org.postern.spi.LookupResult;
import org.postern.spi.Parameters;
import org.postern.spi.Table;
import org.postern.spi.TableFlags;
import org.postern.spi.TableOpening;
import org.postern.spi.TableUnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a driver sees of the host while it opens one table. */
final class Opening implements TableOpening {
  private static final Logger LOG = LoggerFactory.getLogger(Opening.class);
  private static final String PROXY = "proxy:";

  private final OpenTable table;
  private final OpenTables tables;
  private final Configuration configuration;
  private final NotedParameters parameters;
  private final WatchedFiles watched = new WatchedFiles();
  private final List<Member> members = new ArrayList<>();
  private final Set<OpenTable> parts = new LinkedHashSet<>();
  private final Redirection redirection;
  private String maptype;
  private long reserved;

  /** {@link #end} is to be called once. */
  Opening(OpenTable table, OpenTables tables, Configuration configuration) {
    this.table = table;
    this.tables = tables;
    this.configuration = configuration;
    this.parameters = new NotedParameters(configuration);
    this.redirection = new Redirection(configuration, tables.drivers());
    this.maptype = table.maptype();
    OpeningMemory.HEAP.begin();
  }

  /** The table is open, or cannot be opened. */
  synchronized void end() {
    OpeningMemory.HEAP.end(reserved);
    reserved = 0;
  }

  @Override
  public synchronized void reserve(long bytes) throws TableUnavailableException {
    OpeningMemory.HEAP.reserve(bytes);
    reserved += bytes;
  }

  /**
   * The type that serves the table, which is its own but for a redirection.
   *
   * @throws TableUnavailableException when that cannot be told
   */
  String redirect() throws TableUnavailableException {
    Redirection.parameters(table.maptype()).forEach(parameters::note);
    maptype = redirection.target(table.maptype(), table.name(), this::custom);
    if (isRedirected() && !maptype.equals(table.servingType()) && redirection.isLogged()) {
      String name = ByteStrings.printable(table.name());
      LOG.info("redirecting {}:{} to {}:{}", table.maptype(), name, maptype, name);
    }
    return maptype;
  }

  private boolean isRedirected() {
    return !maptype.equals(table.maptype());
  }

  /** What to do about a redirection that has led to nothing; empty for none. */
  String remedy() {
    return isRedirected() ? redirection.remedy(table.maptype(), table.name(), maptype) : "";
  }

  /** The table is opened again whenever the mapping is. */
  private LookupResult custom(String mapping, byte[] key) {
    boolean utf8 = configuration.bool("smtputf8_enable");
    Member member =
        member(mapping, () -> tables.getReadOnly(mapping, Redirection.MAPPING_FLAGS), utf8);
    try {
      return member.lookup(key, Redirection.MAPPING_FLAGS);
    } finally {
      TableInstance.release(List.of(member));
    }
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
    return maptype;
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
    return table.access();
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
    String named = name;
    Member member =
        member(
            named,
            () ->
                table.access() == Access.READ_ONLY
                    ? tables.getReadOnly(named, table.instanceFlags())
                    : tables.get(named, table.instanceFlags()),
            utf8());
    members.add(member);
    return member;
  }

  private Member member(String name, Supplier<OpenTable> found, boolean utf8) {
    if (name.indexOf(':') <= 0) {
      return new UnavailableMember(name, OpenTable.notTypeAndName(name), false);
    }
    OpenTable member = found.get();
    Optional<String> impossible = member.becomePartOf(table);
    if (impossible.isPresent()) {
      return new UnavailableMember(name, new TableState.Unavailable(impossible.get(), true), utf8);
    }
    parts.add(member);
    return member.member(utf8);
  }

  private boolean utf8() {
    return (table.instanceFlags() & TableFlags.UTF8_REQUEST) != 0
        && parameters.get("smtputf8_enable").isPresent() // noted
        && configuration.bool("smtputf8_enable");
  }

  @Override
  public System.Logger logger() {
    return System.getLogger("org.postern.table." + maptype);
  }
}
