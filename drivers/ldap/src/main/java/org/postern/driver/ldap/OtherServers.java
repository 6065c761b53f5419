package org.postern.driver.ldap;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPURL;
import com.unboundid.ldap.sdk.RDN;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where a server says that a part of the answer is: RFC 4511, 4.5.3.
 *
 * @param urls LDAP URLs of which any one will do
 */
record OtherServers(List<String> urls) {
  /**
   * The parts of an Active Directory domain that it keeps apart, and that hold no mail addresses.
   */
  private static final List<String> PARTITIONS =
      List.of("cn=configuration", "dc=domaindnszones", "dc=forestdnszones");

  OtherServers {
    urls = List.copyOf(urls);
  }

  /**
   * Whether the part holds nothing that a table could ask for. At the root of an Active Directory
   * domain, each search is also referred to the partitions of its configuration and of its DNS
   * zones, which clients that know Active Directory leave out.
   */
  boolean holdNoMail() {
    return !urls.isEmpty() && urls.stream().allMatch(OtherServers::isPartition);
  }

  private static boolean isPartition(String url) {
    try {
      return isPartition(new LDAPURL(url));
    } catch (LDAPException e) {
      return false;
    }
  }

  /** Whether a URL leads to such a partition: its name, and nothing but a domain around it. */
  static boolean isPartition(LDAPURL url) {
    DN dn = url.getBaseDN();
    DN domain = dn.getParent();
    if (domain == null || domain.isNullDN()) {
      return false;
    }
    try {
      return PARTITIONS.contains(dn.getRDN().toNormalizedString()) && isDomain(domain.getRDNs());
    } catch (RuntimeException e) {
      return false;
    }
  }

  private static boolean isDomain(RDN[] parts) {
    for (RDN part : parts) {
      if (part.isMultiValued() || !part.hasAttribute("dc")) {
        return false;
      }
    }
    return true;
  }

  /**
   * That they could not be asked, and what to do about it.
   *
   * @param why knows of a URL why that failed
   */
  String trouble(Function<String, @Nullable String> why) {
    String url = urls.getFirst();
    String reason = why.apply(url);
    return "cannot follow "
        + url
        + (reason == null ? "" : " (" + reason + ")")
        + ": with chase_referrals = yes, what is there belongs to the answer, and other servers are"
        + " asked without a password; write chase_referrals = no to leave it out, or a search_base"
        + " that does not reach it";
  }

  /** That they are not asked, and what to do about it. */
  String unwanted() {
    return "the server refers to "
        + urls.getFirst()
        + ": write that server in server_host, or chase_referrals = yes";
  }
}
