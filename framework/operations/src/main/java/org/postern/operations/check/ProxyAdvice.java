package org.postern.operations.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.postern.config.Origin;
import org.postern.host.approval.Listed;
import org.postern.host.approval.TableApproval;
import org.postern.loader.DriverRegistry;
import org.postern.operations.check.CheckReport.NotProxied;
import org.postern.platform.text.ByteStrings;

/** What to write so that the tables which Postfix opens by itself are proxied, if they can be. */
final class ProxyAdvice {
  /**
   * Parameters of which the programs that act as root or as recipients open the tables themselves,
   * whatever stands before them: postconf(5), local(8), virtual(8).
   */
  private static final Set<String> SENSITIVE =
      Set.of("alias_maps", "mailbox_command_maps", "virtual_uid_maps", "virtual_gid_maps");

  private static final String VIRTUAL_MAILBOX_MAPS = "virtual_mailbox_maps";

  private ProxyAdvice() {}

  static List<NotProxied> of(TableApproval approval, DriverRegistry drivers) {
    Map<String, List<Listed>> byParameter = new LinkedHashMap<>();
    for (Listed listed : approval.listedWithoutProxy()) {
      boolean isSet =
          listed.where().filter(where -> !(where instanceof Origin.Default)).isPresent();
      String type = listed.typeAndName().substring(0, listed.typeAndName().indexOf(':'));
      if (isSet && drivers.driver(type).isPresent()) {
        byParameter.computeIfAbsent(listed.parameter(), _ -> new ArrayList<>()).add(listed);
      }
    }
    List<NotProxied> all = new ArrayList<>();
    byParameter.forEach((parameter, tables) -> all.add(notProxied(approval, parameter, tables)));
    return all;
  }

  private static NotProxied notProxied(
      TableApproval approval, String parameter, List<Listed> tables) {
    List<String> names = tables.stream().map(Listed::typeAndName).toList();
    return new NotProxied(
        ByteStrings.printable(tables.getFirst().place()),
        names.stream().map(ByteStrings::printable).toList(),
        advice(approval, parameter, names));
  }

  private static String advice(TableApproval approval, String parameter, List<String> names) {
    if (SENSITIVE.contains(parameter)) {
      return "leave it so: for security reasons Postfix's delivery agents open the tables of "
          + parameter
          + " themselves";
    }
    String command = "to proxy: " + ByteStrings.decode(approval.commandToApprove(parameter, names));
    return parameter.equals(VIRTUAL_MAILBOX_MAPS)
        ? command + " (virtual(8) opens them itself all the same, all other programs do not)"
        : command;
  }
}
