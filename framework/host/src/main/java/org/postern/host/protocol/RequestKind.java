package org.postern.host.protocol;

/** What can be asked, by the value of the {@code request} attribute, and what its reply shows. */
public enum RequestKind {
  OPEN("open", false, false),
  LOOKUP("lookup", false, true),
  UPDATE("update", false, false),
  DELETE("delete", false, false),
  SEQUENCE("sequence", true, true),
  /** Anything else: its reply is a status alone. */
  UNKNOWN("", false, false);

  private final String requestName;
  private final boolean showsKey;
  private final boolean showsValue;

  RequestKind(String requestName, boolean showsKey, boolean showsValue) {
    this.requestName = requestName;
    this.showsKey = showsKey;
    this.showsValue = showsValue;
  }

  /** As it stands in a request; empty for {@link #UNKNOWN}. */
  public String requestName() {
    return requestName;
  }

  /** A reply to open shows flags in both dialects, any other in the new one only. */
  boolean showsFlags(Dialect dialect) {
    return switch (this) {
      case OPEN -> true;
      case LOOKUP, UPDATE, DELETE, SEQUENCE -> dialect == Dialect.NEW;
      case UNKNOWN -> false;
    };
  }

  boolean showsKey() {
    return showsKey;
  }

  boolean showsValue() {
    return showsValue;
  }
}
