package org.postern.driver.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.postern.driver.sql.Dialect.Server;
import org.postern.spi.Access;
import org.postern.spi.Backend;
import org.postern.spi.Table;
import org.postern.spi.TableDriver;
import org.postern.spi.TableOpening;
import org.postern.spi.TableUnavailableException;
import org.postern.tablekit.DomainFilter;
import org.postern.tablekit.HostLimits;
import org.postern.tablekit.LookupTemplates;
import org.postern.tablekit.SharedPools;
import org.postern.tablekit.TableConfig;
import org.postern.tablekit.Template;

/** Opens the tables of one SQL type. Read-only; nothing connects before a table is asked. */
public final class SqlDriver implements TableDriver {
  private final Dialect dialect;
  private final SharedPools<PoolKey, SqlPool> pools = new SharedPools<>();

  public SqlDriver(Dialect dialect) {
    this.dialect = dialect;
  }

  @Override
  public Set<String> maptypes() {
    return Set.of(dialect.maptype());
  }

  @Override
  public void preload() {
    dialect.preload();
  }

  @Override
  public Table open(TableOpening opening) throws TableUnavailableException {
    if (opening.access() != Access.READ_ONLY) {
      throw new TableUnavailableException(
          opening.maptype() + ":" + opening.name() + " map requires O_RDONLY access mode");
    }
    TableConfig config = TableConfig.read(opening);
    List<Server> servers = dialect.servers(config, opening);
    LookupTemplates templates = new LookupTemplates(config, opening.logger());
    Template format = templates.result(config.string("result_format", "%s", 1));
    int expansionLimit = config.integer("expansion_limit", 0, 0, 0);
    boolean requireResultSet = config.bool("require_result_set", true);
    Template query = templates.query(dialect.query(config));
    DomainFilter domains = DomainFilter.read(config, opening);
    for (String parameter : config.unread()) {
      opening
          .logger()
          .log(System.Logger.Level.INFO, config.name() + ": unused parameter: " + parameter);
    }
    HostLimits limits = HostLimits.of(opening.parameters());
    List<SharedPools<PoolKey, SqlPool>.Lease> leases = new ArrayList<>();
    String own = SessionChanges.mayBe(query) ? query.toString() : "";
    for (Server server : servers) {
      leases.add(
          pools.lease(
              new PoolKey(server, own), _ -> new SqlPool(server, limits, opening.logger())));
    }
    return new SqlTable(
        dialect,
        new SqlTable.Settings(templates, query, format, domains, expansionLimit, requireResultSet),
        List.copyOf(leases),
        backend(servers, limits));
  }

  /** The same for all tables with the same servers, in whatever order they are named. */
  private Backend backend(List<Server> servers, HostLimits limits) {
    return new Backend(
        servers.stream()
            .map(Server::backendName)
            .sorted()
            .distinct()
            .collect(Collectors.joining(",", dialect.maptype() + ":", "")),
        limits.poolSize());
  }

  /** How many servers there are connections to, or may be. */
  public int pools() {
    return pools.size();
  }
}
