package org.postern.host.approval;

import static java.util.stream.Collectors.toUnmodifiableSet;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.postern.config.Configuration;
import org.postern.config.ConfigurationException;
import org.postern.config.Origin;
import org.postern.config.WatchedFiles;

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
  private final Set<String> retained;
  private final List<String> warnings = new ArrayList<>();
  private final WatchedFiles files = new WatchedFiles();

  private TableApproval(Configuration configuration, Service service, Set<String> before) {
    this.configuration = configuration;
    this.service = service;
    TableList list =
        new TableList(
            (table, proxied, where) -> (proxied ? approved : unproxied).putIfAbsent(table, where),
            warnings::add,
            files);
    list.scan(expand(service.parameter()), service.parameter());
    if (service == Service.PROXYMAP) {
      for (String name : expand(RESTRICTION_CLASSES).split("[, \t\r\n]+", -1)) {
        list.scan(expand(name), RESTRICTION_CLASSES);
      }
    }
    names = Set.copyOf(approved.keySet());
    retained = before.stream().filter(name -> !names.contains(name)).collect(toUnmodifiableSet());
  }

  /**
   * Reads the list of a service.
   *
   * @throws ConfigurationException when the list cannot be expanded
   */
  public static TableApproval of(Configuration configuration, Service service) {
    return new TableApproval(configuration, service, Set.of());
  }

  /**
   * Reads the list of a service, and goes on to approve what was approved: for a configuration that
   * has changed while programs run that were started with the one before.
   *
   * @throws ConfigurationException when the list cannot be expanded
   */
  public static TableApproval of(Configuration configuration, TableApproval before) {
    Set<String> approved = new HashSet<>(before.names);
    approved.addAll(before.retained);
    return new TableApproval(configuration, before.service, approved);
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
    return names.contains(typeAndName) || retained.contains(typeAndName);
  }

  /** The length of the longest name that is approved, bytes. */
  public int longestName() {
    return Stream.concat(names.stream(), retained.stream())
        .mapToInt(String::length)
        .max()
        .orElse(0);
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

  /** Who approved a table; empty when no list names it, or none any more. */
  public Optional<Approved> approved(String typeAndName) {
    return names.contains(typeAndName)
        ? Optional.of(approved(typeAndName, attribution()))
        : Optional.empty();
  }

  private Approved approved(String table, Attribution attribution) {
    Optional<Origin> where = approved.getOrDefault(table, Optional.empty());
    return new Approved(
        table, attribution.parameterOf(table), where.or(() -> attribution.originOf(table)));
  }

  /**
   * The two warnings of a denied request, in Postfix's words where they are true.
   *
   * @param typeAndName printable
   * @param trouble why the configuration on disk is not loaded
   */
  public List<String> denial(String typeAndName, Optional<String> trouble) {
    List<String> postfix = service.denial(typeAndName, whereTheListIs());
    return trouble
        .map(reason ->
            List.of(
                postfix.getFirst(),
                "the configuration on disk has not been loaded: "
                    + reason
                    + "; fix that first; as long, what was loaded before counts, where "
                    + service.parameter()
                    + " does not list proxy:"
                    + typeAndName))
        .orElse(postfix);
  }

  /** Where a new value of the list would count: what main.cf says may be overridden. */
  private String whereTheListIs() {
    String parameter = service.parameter();
    String inMainCf = "main.cf:" + parameter;
    return configuration
        .origin(parameter)
        .map(origin ->
            switch (origin) {
              case Origin.InFile(Path file, int _) -> file.getFileName() + ":" + parameter;
              case Origin.CommandLine _ -> "-o " + parameter + "=";
              case Origin.Default _ -> inMainCf;
            })
        .orElse(inMainCf);
  }

  /** The command that would have a table approved: a byte string, for a shell. */
  public String commandToApprove(String typeAndName) {
    Attribution attribution = attribution();
    return attribution.commandToApprove(attribution.parameterOf(typeAndName), List.of(typeAndName));
  }

  /**
   * The command that would have tables approved.
   *
   * @param parameter that names them: {@link Listed#parameter}
   */
  public String commandToApprove(String parameter, List<String> tables) {
    return attribution().commandToApprove(parameter, tables);
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
                where.or(() -> attribution.originOf(table))));
      }
    });
    return tables;
  }

  private Attribution attribution() {
    return new Attribution(configuration, service.parameter(), references);
  }

  /** The files that the list names, as they were just before they were read. */
  public WatchedFiles files() {
    return files;
  }

  /** What Postfix would warn of in the list, in its words. */
  public List<String> warnings() {
    return List.copyOf(warnings);
  }
}
