package org.postern.driver.sql;

import java.nio.charset.Charset;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postern.driver.sql.QueryPlan.Bound;
import org.postern.driver.sql.QueryPlan.Segment;
import org.postern.platform.text.ByteText;
import org.postern.spi.Backend;
import org.postern.spi.BackendServer;
import org.postern.spi.LookupResult;
import org.postern.spi.NotFound;
import org.postern.spi.Retry;
import org.postern.spi.Table;
import org.postern.spi.TableFlags;
import org.postern.spi.TableUnavailableException;
import org.postern.tablekit.DomainFilter;
import org.postern.tablekit.HostChoice;
import org.postern.tablekit.HostState.Condition;
import org.postern.tablekit.JoinedValues;
import org.postern.tablekit.LookupKey;
import org.postern.tablekit.LookupTemplates;
import org.postern.tablekit.SharedPools;
import org.postern.tablekit.Template;

/** An open mysql, pgsql or sqlite table. Any thread may call. */
final class SqlTable implements Table {
  /** Has enough labels for every template. */
  private static final String NOBODY = "postern-check@a.b.c.d.e.f.g.h.invalid";

  private final Dialect dialect;
  private final Settings settings;
  private final List<SharedPools<PoolKey, SqlPool>.Lease> leases;
  private final HostChoice<SqlPool> servers;
  private final Backend backend;
  private final Charset charset;
  private final QueryPlan plain;
  private final QueryPlan withBackslashes;
  private final QueryPlan plainUnbound;
  private final QueryPlan withBackslashesUnbound;

  /** Whether the server does not take parameters where the query has them. */
  private volatile boolean unbound;

  /**
   * What a table's parameters say, the connections apart.
   *
   * @param expansionLimit {@code expansion_limit}
   * @param requireResultSet {@code require_result_set}
   */
  record Settings(
      LookupTemplates templates,
      Template query,
      Template format,
      DomainFilter domains,
      int expansionLimit,
      boolean requireResultSet) {}

  SqlTable(
      Dialect dialect,
      Settings settings,
      List<SharedPools<PoolKey, SqlPool>.Lease> leases,
      Backend backend) {
    this.dialect = dialect;
    this.settings = settings;
    this.leases = leases;
    List<SqlPool> pools = leases.stream().map(SharedPools.Lease::pool).toList();
    this.servers = new HostChoice<>(pools);
    this.backend = backend;
    this.charset = pools.getFirst().server().charset();
    this.plain = plan(false, true);
    this.withBackslashes = plan(true, true);
    this.plainUnbound = plan(false, false);
    this.withBackslashesUnbound = plan(true, false);
  }

  private QueryPlan plan(boolean backslashes, boolean bind) {
    return QueryParser.parse(settings.query(), dialect.syntax(), backslashes, bind);
  }

  @Override
  public int flags() {
    return TableFlags.FIXED;
  }

  @Override
  public Optional<Backend> backend() {
    return Optional.of(backend);
  }

  /** A key that cannot be in the table is answered without a worker, whatever the server does. */
  @Override
  public @Nullable LookupResult lookupAtOnce(byte[] key, int flags) {
    String text = ByteText.of(key);
    if (isImpossible(text)) {
      return NotFound.NOT_FOUND;
    }
    LookupResult refusal = settings.domains().refusalAtOnce(text);
    if (refusal != null) {
      return refusal;
    }
    if (settings.domains().isSet()) {
      return null; // a table of the list may have to be asked first
    }
    return settings.templates().key(text) == null ? NotFound.NOT_FOUND : null;
  }

  /**
   * A NUL would end a key. Whether one must be UTF-8 is for the table's flags to say; but Postfix
   * does not ask sqlite for others, and where keys are bound they are characters.
   */
  private boolean isImpossible(String key) {
    return key.indexOf('\0') >= 0 || (dialect.wantsUtf8() && !ByteText.isUtf8(key));
  }

  @Override
  public LookupResult lookup(byte[] key, int flags) {
    String text = ByteText.of(key);
    if (isImpossible(text)) {
      return NotFound.NOT_FOUND;
    }
    LookupResult refusal = settings.domains().refusal(text);
    if (refusal != null) {
      return refusal;
    }
    LookupKey parts = settings.templates().key(text);
    return parts == null ? NotFound.NOT_FOUND : ask(parts, null);
  }

  @Override
  public LookupResult explain(byte[] key, int flags, Consumer<String> told) {
    String text = ByteText.of(key);
    if (isImpossible(text)) {
      told.accept("no server is asked: the key has a NUL in it, or is not UTF-8");
      return NotFound.NOT_FOUND;
    }
    LookupResult refusal = settings.domains().refusal(text);
    if (refusal != null) {
      told.accept(DomainFilter.REFUSED);
      return refusal;
    }
    LookupKey parts = settings.templates().key(text);
    if (parts == null) {
      told.accept(LookupTemplates.LACKING);
      return NotFound.NOT_FOUND;
    }
    return ask(parts, told);
  }

  /**
   * Asks one server, and once more when a connection turned out to be dead: over another one, or
   * another server.
   *
   * @param told as for {@link #explain}, or null
   */
  private LookupResult ask(LookupKey key, @Nullable Consumer<String> told) {
    long since = System.nanoTime();
    SqlPool tried = null;
    boolean again = false;
    String reason = "";
    while (true) {
      SqlPool pool = servers.next(tried);
      if (pool == null) {
        return new Retry(reason.isEmpty() ? servers.troubles() : reason);
      }
      if (told != null) {
        told.accept("server: " + pool.server().backendName());
      }
      try (SqlPool.Borrowed connection = pool.borrow(since)) {
        try {
          SqlSession session = connection.session(dialect);
          if (told != null) {
            tell(key, session, told);
          }
          return askOver(session, key);
        } catch (SQLException failed) {
          SQLException e =
              SqlPool.isTimeout(failed)
                  ? dialect.afterTimeout(pool.server(), connection.own(), failed)
                  : failed;
          reason = dialect.queryFailed(pool.server(), e);
          boolean dead = SqlPool.isConnectionTrouble(e) || connection.own().isClosed();
          if (dead) {
            connection.evict(e);
          }
          boolean slow = SqlPool.isTimeout(e) || SqlPool.isTooSlow(e);
          if (again || slow || (!dead && pool.equals(servers.next(pool)))) {
            return new Retry(reason);
          }
          again = true;
          if (told != null) {
            told.accept("failed, and is asked once more: " + reason);
          }
        } catch (UnquotableException e) {
          return new Retry("cannot put this key into the query: " + e.getMessage());
        }
      } catch (SQLException e) {
        reason = String.valueOf(e.getMessage());
        if (pool.state().condition() != Condition.FAILED) {
          return new Retry(reason); // all connections are in use, and have been for too long
        }
        if (told != null) {
          told.accept("no connection: " + reason);
        }
      }
      tried = pool;
    }
  }

  private LookupResult askOver(SqlSession session, LookupKey key)
      throws SQLException, UnquotableException {
    QueryPlan plan = plan(session);
    QueryConversation conversation = session.conversation();
    if (conversation != null) {
      return dialect.wantsNumbers() && plan.lacksNumber(key)
          ? NotFound.NOT_FOUND
          : answer(conversation.ask(plan.text(key, dialect)), key);
    }
    String sql = plan.constantSql();
    if (sql == null) {
      try (PreparedStatement once = session.statementOnce(characters(plan.sql(key)))) {
        bind(plan, once, key);
        return results(once, key);
      }
    }
    sql = characters(sql);
    try {
      PreparedStatement statement = session.statement(sql);
      bind(plan, statement, key);
      return results(statement, key);
    } catch (SQLException e) {
      session.forget(sql);
      if (unbound || !isAboutParameters(e)) {
        throw e;
      }
    }
    unbound = true;
    return askOver(session, key);
  }

  /** The query as it will be asked. */
  private void tell(LookupKey key, SqlSession session, Consumer<String> told)
      throws SQLException, UnquotableException {
    QueryPlan plan = plan(session);
    if (session.conversation() == null) {
      told.accept("query: " + ByteText.printable(plan.sql(key)));
      List<String> parameters = plan.parameters(key);
      if (!parameters.isEmpty()) {
        told.accept(
            parameters.stream()
                .map(value -> '"' + ByteText.printable(value) + '"')
                .collect(Collectors.joining(", ", "with: ", "")));
      }
    } else if (dialect.wantsNumbers() && plan.lacksNumber(key)) {
      told.accept("no server is asked: the query has a number where the key has none");
    } else {
      told.accept("query: " + ByteText.printable(plan.text(key, dialect)));
    }
  }

  private QueryPlan plan(SqlSession session) {
    if (session.backslashEscapes()) {
      return unbound ? withBackslashesUnbound : withBackslashes;
    }
    return unbound ? plainUnbound : plain;
  }

  /**
   * Syntax error, indeterminate or ambiguous parameter: the server may not want parameters here.
   */
  private static boolean isAboutParameters(SQLException e) {
    String state = e.getSQLState();
    return state != null
        && (state.equals("42000")
            || state.equals("42601")
            || state.equals("42P18")
            || state.equals("42P08")
            || state.equals("42804")
            || state.equals("42725"));
  }

  private void bind(QueryPlan plan, PreparedStatement statement, LookupKey key)
      throws SQLException, UnquotableException {
    int parameter = 1;
    for (Segment segment : plan.segments()) {
      if (segment instanceof Bound bound) {
        dialect.bind(statement, parameter++, bound.value(key), bound.isBare(), charset);
      }
    }
  }

  private JoinedValues values(LookupKey key) {
    return new JoinedValues(
        settings.templates(), settings.format(), settings.expansionLimit(), key);
  }

  private LookupResult answer(QueryConversation.Answer answer, LookupKey key) {
    if (settings.requireResultSet() ? !answer.firstHasRows() : answer.results() == 0) {
      return settings.requireResultSet()
          ? new Retry("query failed: query returned no result set (require_result_set = yes)")
          : NotFound.NOT_FOUND;
    }
    JoinedValues values = values(key);
    for (String value : answer.values()) {
      if (!values.add(value)) {
        break;
      }
    }
    return answer.results() > 1
        ? new Retry("query failed: multiple result sets returning data are not supported")
        : values.result();
  }

  /** The answer that the first columns of a statement's rows are. */
  private LookupResult results(PreparedStatement statement, LookupKey key) throws SQLException {
    if (!statement.execute()) {
      return NotFound.NOT_FOUND;
    }
    JoinedValues values = values(key);
    try (ResultSet rows = statement.getResultSet()) {
      boolean more = true;
      while (more && rows.next()) {
        more = values.add(dialect.value(rows, charset));
      }
    }
    return values.result();
  }

  private String characters(String bytes) throws UnquotableException {
    return Charsets.characters(bytes, charset);
  }

  /** Asks for a key that nobody has too: only the server knows whether it takes the query. */
  @Override
  public List<String> describe() throws TableUnavailableException {
    List<String> lines = describeServer();
    LookupKey nobody = settings.templates().key(NOBODY);
    if (nobody != null && ask(nobody, null) instanceof Retry(String reason)) {
      throw new TableUnavailableException(reason);
    }
    return lines;
  }

  private List<String> describeServer() throws TableUnavailableException {
    SqlPool pool = servers.next(null);
    if (pool == null) {
      throw new TableUnavailableException(servers.troubles());
    }
    try (SqlPool.Borrowed connection = pool.borrow(System.nanoTime())) {
      List<String> lines = new ArrayList<>(dialect.describe(connection.own()));
      SqlSession session = connection.session(dialect);
      QueryPlan plan = plan(session);
      if (session.conversation() != null) {
        lines.add("asks: " + ByteText.printable(plan.shownWithValues()));
        return lines;
      }
      lines.add("asks: " + ByteText.printable(plan.shown()));
      List<String> parameters = plan.shownParameters();
      if (!parameters.isEmpty()) {
        lines.add("with: " + ByteText.printable(String.join(", ", parameters)));
      }
      return lines;
    } catch (SQLException e) {
      throw new TableUnavailableException(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public List<BackendServer> servers() {
    return leases.stream().map(lease -> lease.pool().shown()).toList();
  }

  @Override
  public void close() {
    leases.forEach(SharedPools.Lease::close);
  }
}
