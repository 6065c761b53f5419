package org.postern.driver.ldap;

import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResult;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchResultReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
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
import org.postern.tablekit.JoinedValues;
import org.postern.tablekit.LookupKey;
import org.postern.tablekit.LookupTemplates;
import org.postern.tablekit.SharedPools;

/** An ldap table. */
final class LdapTable implements Table {
  /** Asked to see whether the table could answer; has enough labels for every template. */
  private static final String NOBODY = "postern-check@a.b.c.d.e.f.g.h.invalid";

  private final TableSettings settings;
  private final DomainFilter domains;
  private final SharedPools<ConnectionSettings, Directory>.Lease lease;
  private final Directory directory;
  private final System.Logger logger;

  LdapTable(
      TableSettings settings,
      DomainFilter domains,
      SharedPools<ConnectionSettings, Directory>.Lease lease,
      System.Logger logger) {
    this.settings = settings;
    this.domains = domains;
    this.lease = lease;
    this.directory = lease.pool();
    this.logger = logger;
  }

  @Override
  public int flags() {
    return TableFlags.FIXED;
  }

  @Override
  public Optional<Backend> backend() {
    return Optional.of(directory.backend());
  }

  @Override
  public @Nullable LookupResult lookupAtOnce(byte[] key, int flags) {
    String text = ByteText.of(key);
    LookupResult refusal = domains.refusalAtOnce(text);
    return refusal == null && parts(text) == null ? NotFound.NOT_FOUND : refusal;
  }

  @Override
  public LookupResult lookup(byte[] key, int flags) {
    String text = ByteText.of(key);
    LookupResult refusal = domains.refusal(text);
    if (refusal != null) {
      return refusal;
    }
    LookupKey parts = parts(text);
    return parts == null ? NotFound.NOT_FOUND : ask(parts, null);
  }

  @Override
  public LookupResult explain(byte[] key, int flags, Consumer<String> told) {
    String text = ByteText.of(key);
    LookupResult refusal = domains.refusal(text);
    if (refusal != null) {
      told.accept(DomainFilter.REFUSED);
      return refusal;
    }
    LookupKey parts = parts(text);
    if (parts == null) {
      told.accept(LookupTemplates.LACKING);
      return NotFound.NOT_FOUND;
    }
    return ask(parts, told);
  }

  /** An empty key, and one that is not UTF-8, is in no directory. */
  private @Nullable LookupKey parts(String key) {
    return !key.isEmpty() && ByteText.isUtf8(key) ? settings.templates().key(key) : null;
  }

  /**
   * Asks the directory.
   *
   * @param told as for {@link #explain}, or null
   */
  private LookupResult ask(LookupKey key, @Nullable Consumer<String> told) {
    String base = ByteText.decodeUtf8(settings.base().expand(key, Quoting.DN::quote));
    if (base == null) {
      return new Retry("a part of this key is not UTF-8, and the search base asks for it");
    }
    String text = settings.filter().expand(key, Quoting.FILTER::quote);
    try {
      Filter filter = SearchFilter.parse(SearchFilter.ascii(text));
      Reference query =
          new Reference(base, settings.scope(), filter, settings.attributes().requested());
      return directory.ask(connection -> answer(key, query, connection, told));
    } catch (LDAPException e) {
      return failed(e, base);
    } catch (LookupFailedException e) {
      return new Retry(e.reason());
    }
  }

  private LookupResult answer(
      LookupKey key, Reference query, LDAPConnection connection, @Nullable Consumer<String> told)
      throws LDAPException {
    if (told != null) {
      told.accept("server: " + directory.shown(connection));
    }
    JoinedValues joined =
        new JoinedValues(settings.templates(), settings.format(), settings.expansionLimit(), key);
    long began = System.nanoTime();
    Values values =
        new Values(
            settings,
            reference -> {
              if (System.nanoTime() - began > directory.lookupNanos()) {
                // Whoever asked has been told to try again, and others wait for the connection.
                throw new LookupFailedException("takes longer than postern_lookup_timeout");
              }
              return search(connection, reference, told);
            },
            joined,
            logger);
    try {
      values.add(search(connection, query, told));
      return joined.result();
    } catch (LookupFailedException e) {
      return new Retry(e.reason());
    }
  }

  private List<SearchResultEntry> search(
      LDAPConnection connection, Reference query, @Nullable Consumer<String> told)
      throws LDAPException, LookupFailedException {
    SearchRequest request =
        new SearchRequest(
            query.base(),
            query.scope(),
            settings.dereference(),
            settings.sizeLimit(),
            Math.ceilDiv(directory.timeoutMillis(), 1000),
            false,
            query.filter(),
            query.attributes().toArray(new String[0]));
    request.setFollowReferrals(settings.chaseReferrals());
    SearchResult result = directory.search(connection, request);
    if (settings.chaseReferrals()) {
      for (SearchResultReference reference : result.getSearchReferences()) {
        OtherServers left = new OtherServers(List.of(reference.getReferralURLs()));
        if (!left.holdNoMail()) {
          throw new LookupFailedException(
              "Search error 10: Referral: " + left.trouble(directory::whyNotFollowed));
        }
        if (told != null) {
          told.accept("not followed, since it holds no mail: " + left.urls().getFirst());
        }
      }
    }
    if (settings.sizeLimit() > 0 && result.getEntryCount() > settings.sizeLimit()) {
      // A server may not keep to the limit, and several that refer to each other together don't.
      throw new LDAPException(ResultCode.SIZE_LIMIT_EXCEEDED, "more than size_limit entries");
    }
    if (told != null) {
      told.accept(
          "search: "
              + query.shown()
              + (result.getEntryCount() == 1
                  ? ": 1 entry"
                  : ": " + result.getEntryCount() + " entries"));
    }
    return result.getSearchEntries();
  }

  @Override
  public List<String> describe() throws TableUnavailableException {
    try {
      List<String> lines = new ArrayList<>(directory.describe());
      lines.add("asks: " + settings.query());
      LookupKey nobody = settings.templates().key(NOBODY);
      if (nobody != null && ask(nobody, null) instanceof Retry(String reason)) {
        throw new TableUnavailableException(settings.name() + ": " + reason);
      }
      return lines;
    } catch (LookupFailedException e) {
      throw new TableUnavailableException(settings.name() + ": " + e.reason(), e);
    } catch (LDAPException e) {
      throw new TableUnavailableException(settings.name() + ": " + LdapError.text(e), e);
    }
  }

  private LookupResult failed(LDAPException e, String base) {
    if (e.getResultCode().equals(ResultCode.REFERRAL) && e.getReferralURLs().length > 0) {
      OtherServers others = new OtherServers(List.of(e.getReferralURLs()));
      return new Retry(
          "Search error 10: Referral: "
              + (settings.chaseReferrals()
                  ? others.trouble(directory::whyNotFollowed)
                  : others.unwanted()));
    }
    if (!e.getResultCode().equals(ResultCode.NO_SUCH_OBJECT)) {
      return new Retry("Search error " + LdapError.text(e));
    }
    // Where the key makes the base, one that isn't there says that the key isn't there.
    return settings.base().isConstant()
        ? new Retry("Search base '" + base + "' not found: " + LdapError.text(e))
        : NotFound.NOT_FOUND;
  }

  @Override
  public List<BackendServer> servers() {
    return directory.servers();
  }

  @Override
  public void close() {
    lease.close();
  }
}
