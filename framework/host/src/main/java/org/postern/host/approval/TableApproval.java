package org.postern.host.approval;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.postern.host.config.Configuration;
import org.postern.host.config.ConfigurationException;
import org.postern.host.config.Origin;

/**
 * The tables that one service may be asked for, as proxymap(8) takes them from proxy_read_maps or
 * proxy_write_maps. Immutable, fast to ask.
 *
 * <p>The value, expanded, is split into words at commas and white space. {@code proxy:type:name}
 * approves {@code type:name}, byte for byte; a word without {@code proxy:} approves nothing, so
 * that the list can name whole parameters. Of {@code {…}} the first word counts. {@code
 * unionmap:{…}} and {@code pipemap:{…}} are looked through for proxied members; with {@code proxy:}
 * before them they are tables like others. A {@code /file/name} is read: it holds more such words.
 * For the read-only service the parameters that smtpd_restriction_classes names are looked through
 * too.
 *
 * <p>This is what Postfix 3.11 and 3.12 do. Earlier releases have a shorter default list, know no
 * {@code /file/name} and no restriction classes: what they approve is approved here, and what is
 * approved here beyond that was written with {@code proxy:} by the operator.
 */
public final class TableApproval {
  private static final String RESTRICTION_CLASSES = "smtpd_restriction_classes";

  private final Service service;
  private final Configuration configuration;
  private final Map<String, String> references = new LinkedHashMap<>();
  private final Map<String, Optional<Origin>> approved = new LinkedHashMap<>();
  private final Map<String, Optional<Origin>> unproxied = new LinkedHashMap<>();
  private final Set<String> names;
  private final List<String> warnings = new ArrayList<>();

  private TableApproval(Configuration configuration, Service service) {
    this.configuration = configuration;
    this.service = service;
    TableList list =
        new TableList(
            (table, proxied, where) -> (proxied ? approved : unproxied).putIfAbsent(table, where),
            warnings::add,
            true);
    list.scan(expand(service.parameter()), service.parameter());
    if (service == Service.PROXYMAP) {
      for (String name : expand(RESTRICTION_CLASSES).split("[, \t\r\n]+", -1)) {
        list.scan(expand(name), RESTRICTION_CLASSES);
      }
    }
    names = Set.copyOf(approved.keySet());
  }

  /**
   * Reads the list of a service.
   *
   * @throws ConfigurationException when the list cannot be expanded
   */
  public static TableApproval of(Configuration configuration, Service service) {
    return new TableApproval(configuration, service);
  }

  private String expand(String parameter) {
    String raw = configuration.raw(parameter);
    if (raw == null) {
      return "";
    }
    references.putIfAbsent(parameter, raw);
    return configuration.get(parameter, references::putIfAbsent).orElse("");
  }

  /** Whose list it is. */
  public Service service() {
    return service;
  }

  /**
   * Whether clients may ask for this table.
   *
   * @param typeAndName byte string {@code type:name}, from which the caller has taken {@code
   *     proxy:}
   */
  public boolean approves(String typeAndName) {
    return names.contains(typeAndName);
  }

  /** The names of the approved tables, byte strings, in the order of the list. */
  public Set<String> names() {
    return Collections.unmodifiableSet(approved.keySet());
  }

  /** The approved tables and who approved them, in the order of the list. */
  public List<Approved> tables() {
    Attribution attribution = attribution();
    return approved.keySet().stream().map(table -> approved(table, attribution)).toList();
  }

  /** Who approved a table; empty when nobody did. */
  public Optional<Approved> approved(String typeAndName) {
    return approves(typeAndName)
        ? Optional.of(approved(typeAndName, attribution()))
        : Optional.empty();
  }

  private Approved approved(String table, Attribution attribution) {
    Optional<Origin> where = approved.getOrDefault(table, Optional.empty());
    return new Approved(
        table, attribution.parameterOf(table), where.or(() -> attribution.originOf(table)));
  }

  /** The setting that would have a table approved. */
  public String lineToWrite(String typeAndName) {
    return attribution().lineToWrite(typeAndName);
  }

  /** The tables that are named in the list without {@code proxy:} only. */
  public List<Listed> listedWithoutProxy() {
    Attribution attribution = attribution();
    List<Listed> tables = new ArrayList<>();
    unproxied.forEach((table, where) -> {
      if (!approves(table)) {
        tables.add(
            new Listed(
                table,
                attribution.parameterOf(table),
                where.or(() -> attribution.originOf(table)),
                attribution.lineToWrite(table)));
      }
    });
    return tables;
  }

  private Attribution attribution() {
    return new Attribution(configuration, service.parameter(), references);
  }

  /** What Postfix would warn of in the list, in its words. */
  public List<String> warnings() {
    return List.copyOf(warnings);
  }
}
