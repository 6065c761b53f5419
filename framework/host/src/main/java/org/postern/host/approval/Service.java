package org.postern.host.approval;

import java.util.List;

/** One of the two services, each with its own socket and its own list of approved tables. */
public enum Service {
  /** Lookup and walk. */
  PROXYMAP("proxymap", "read-only", "proxy_read_maps"),
  /** Update and delete too. */
  PROXYWRITE("proxywrite", "read-write", "proxy_write_maps");

  private final String serviceName;
  private final String access;
  private final String parameter;

  Service(String serviceName, String access, String parameter) {
    this.serviceName = serviceName;
    this.access = access;
    this.parameter = parameter;
  }

  /** What Postfix calls it: {@code proxymap} or {@code proxywrite}. */
  public String serviceName() {
    return serviceName;
  }

  /** {@code read-only} or {@code read-write}. */
  public String access() {
    return access;
  }

  /** The parameter that lists its tables. */
  public String parameter() {
    return parameter;
  }

  /** The two warnings of a denied request, in Postfix's words. */
  public List<String> denial(String typeAndName) {
    return denial(typeAndName, "main.cf:" + parameter);
  }

  /**
   * The same two warnings.
   *
   * @param where the list is set: {@code main.cf:proxy_read_maps}
   */
  List<String> denial(String typeAndName, String where) {
    return List.of(
        "request for unapproved table: \"" + typeAndName + "\"",
        "to approve this table for "
            + access
            + " access, list proxy:"
            + typeAndName
            + " in "
            + where);
  }
}
