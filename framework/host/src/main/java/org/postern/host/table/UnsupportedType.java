package org.postern.host.table;

import org.postern.platform.text.ByteStrings;

/** What to say of a maptype that no driver serves: that it is so, and what to use instead. */
public final class UnsupportedType {
  private UnsupportedType() {}

  /**
   * One line for the log and for {@code postern check}.
   *
   * @param maptype of the table, as listed
   * @param byteName everything after the colon, a byte string
   */
  public static String message(String maptype, String byteName) {
    String name = ByteStrings.printable(byteName);
    String message = "unsupported dictionary type: " + maptype;
    return switch (maptype) {
      case "sdbm", "dbm" ->
          message
              + ": its libraries are gone from most systems; make the table anew from its source"
              + " with \"postern map lmdb:"
              + name
              + "\" and list it as lmdb:"
              + name;
      case "nis", "nisplus", "netinfo" ->
          message
              + ": move the map to ldap, or write it to a file (ypcat -k "
              + name
              + ") and list that as texthash:/file/name; accounts and groups are in"
              + " unix:passwd.byname and unix:group.byname, whatever nsswitch.conf asks";
      case "socketmap", "tcp" ->
          message
              + ": it works without proxy: too; write "
              + maptype
              + ":"
              + name
              + ", and Postfix's programs ask that server themselves";
      default ->
          message
              + "; install a plugin that brings this type (postern plugins lists what there is)";
    };
  }
}
