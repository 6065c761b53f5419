package org.postern.driver.ldap;

import com.unboundid.ldap.sdk.DereferencePolicy;
import com.unboundid.ldap.sdk.SearchScope;
import org.postern.tablekit.LookupTemplates;
import org.postern.tablekit.Template;

/**
 * What a table asks of its directory, and what it makes of the answer: ldap_table(5).
 *
 * @param name as messages name the table: that of its file
 * @param query the filter and where it is asked, for an operator
 * @param templates what the three templates together need of a key
 * @param format {@code result_format}
 * @param expansionLimit how many values there may be; 0 for any number
 * @param sizeLimit how many entries a search may find; 0 for any number
 */
record TableSettings(
    String name,
    String query,
    LookupTemplates templates,
    Template base,
    Template filter,
    Template format,
    SearchScope scope,
    ResultAttributes attributes,
    int recursionLimit,
    int expansionLimit,
    int sizeLimit,
    DereferencePolicy dereference,
    boolean chaseReferrals) {}
