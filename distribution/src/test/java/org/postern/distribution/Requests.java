package org.postern.distribution;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

/** The requests of the differential tests, as messages with {@code |} for NUL, in both dialects. */
final class Requests {
  /** Postfix 3.11 and later. */
  enum Dialect {
    OLD,
    NEW
  }

  /** The flag sets that protocol.md lists. */
  static final int[] FLAG_SETS = {0, 64, 16448, 524288, 524352, 540736};

  static final int SRC_RHS_IS_FILE = 1 << 21;

  private static final int BOTH_TRY_BITS = 12;
  private static final int MULTI_WRITER = 1 << 18;
  private static final int UTF8_REQUEST = 1 << 19;
  private static final int UTF8_ACTIVE = 1 << 20;

  private static final int LMDB_LIMIT = 500;

  private static final List<String> KEYS =
      List.of(
          "key",
          "KEY",
          "upper",
          "UPPER",
          "empty",
          "",
          "two words",
          "two",
          "postmaster@example.com",
          "Postmaster@Example.COM",
          "cont",
          "spaced",
          "latin1",
          "utf8",
          bytes("größe"),
          bytes("GRÖSSE"),
          bytes("Größe"),
          "\u00e4raw",
          "\u00c4RAW",
          "\u00ff\u00fe",
          "k".repeat(2000),
          "K".repeat(2000),
          "no such key",
          "k1-22",
          "abcd",
          "192.0.2.1",
          "192.0.2.7",
          "192.1.2.3",
          "2001:db8::1",
          "key ",
          " lead",
          "n17",
          "root",
          "ROOT",
          "daemon",
          "lang",
          "LANG",
          "big",
          "a,b",
          "#");

  private final Dialect dialect;

  Requests(Dialect dialect) {
    this.dialect = dialect;
  }

  /** Those keys that a table can be asked for: the real server dies of some with lmdb. */
  static List<String> keys(String table) {
    return table.startsWith("lmdb:")
        ? KEYS.stream().filter(key -> !key.isEmpty() && key.length() < LMDB_LIMIT).toList()
        : KEYS;
  }

  Dialect dialect() {
    return dialect;
  }

  private static String bytes(String text) {
    return new String(text.getBytes(UTF_8), ISO_8859_1);
  }

  /**
   * Whether releases answer differently: up to 3.10, texthash checks and folds its lines as UTF-8
   * while it reads them, as Postern does; 3.12 folds only ASCII then, and finds no folded key.
   */
  boolean dependsOnRelease(String table, int flags) {
    return dialect == Dialect.NEW && table.startsWith("texthash:") && (flags & UTF8_REQUEST) != 0;
  }

  String open(String table, int flags) {
    return "request|open|table|" + table + "|" + instance(flags) + "|";
  }

  String lookup(String table, int flags, String key) {
    return request("lookup", table, flags) + "key|" + key + "||";
  }

  String sequence(String table, int flags, boolean first) {
    return request("sequence", table, flags) + "function|" + (first ? 0 : 1) + "||";
  }

  String update(String table, int flags) {
    return update(table, flags, "new key", "new value");
  }

  String update(String table, int flags, String key, String value) {
    return request("update", table, flags) + "key|" + key + "|value|" + value + "||";
  }

  String delete(String table, int flags) {
    return delete(table, flags, "key");
  }

  String delete(String table, int flags, String key) {
    return request("delete", table, flags) + "key|" + key + "||";
  }

  private String instance(int flags) {
    return (dialect == Dialect.NEW ? "instance_flags|" : "flags|") + flags + "|";
  }

  private String request(String request, String table, int flags) {
    String start = "request|" + request + "|table|" + table + "|" + instance(flags);
    return dialect == Dialect.NEW ? start + "flags|" + shown(table, flags) + "|" : start;
  }

  /** The flags of a new client's requests: those that the reply to open showed. */
  private static int shown(String table, int flags) {
    int active = (flags & UTF8_REQUEST) != 0 ? UTF8_ACTIVE : 0;
    return flags | ownBits(table) | active;
  }

  private static int ownBits(String table) {
    String maptype = table.substring(0, table.indexOf(':'));
    String name = table.substring(table.indexOf(':') + 1);
    return switch (maptype) {
      case "hash", "btree", "cdb" -> 16 | BOTH_TRY_BITS;
      case "lmdb" -> 16 | BOTH_TRY_BITS | MULTI_WRITER;
      case "regexp", "pcre", "cidr", "randmap", "fail" -> 32;
      case "unionmap", "pipemap" -> ownBits(name.replaceFirst("^\\{", "") + ":") & (16 | 32);
      case "debug" -> ownBits(name + ":");
      default -> 16;
    };
  }

  /** Every row of protocol.md's table of errors that a real server answers. */
  List<String> malformed(String table) {
    String inst = dialect == Dialect.NEW ? "instance_flags|0|flags|28|" : "flags|0|";
    String start = "request|lookup|table|" + table + "|";
    List<String> messages = new ArrayList<>();
    for (String number :
        List.of(
            "abc",
            "",
            "64x",
            "64 ",
            "0x40",
            " 64",
            "+64",
            "064",
            "4294967360",
            "-4294967232",
            "--1",
            "+",
            "\t64",
            "6 4")) {
      messages.add(start + inst.replaceFirst("flags\\|0", "flags|" + number) + "key|key||");
    }
    for (String kind : List.of("lookup", "open", "sequence", "update", "delete")) {
      if (dialect == Dialect.OLD) { // nothing in these tells what a new client would want
        messages.add("request|" + kind + "||");
        messages.add("request|" + kind + "|table|" + table + "||");
        messages.add("request|" + kind + "|" + inst + "table|" + table + "|key|key|value|v||");
      }
      if (!kind.equals("open")) {
        messages.add("request|" + kind + "|table|" + table + "|" + inst + "|");
      }
      messages.add("request|" + kind + "|table|nocolon|" + inst + "key|key|value|v||");
      messages.add("request|" + kind + "|table||" + inst + "key|key|value|v||");
      messages.add("request|" + kind + "|table|hash:|" + inst + "key|key|value|v||");
      messages.add("request|" + kind + "|table|hash:unapproved|" + inst + "key|key|value|v||");
    }
    messages.add(start + inst + "kee|key||");
    messages.add(start + inst + "extra|1|key|key||");
    messages.add(start + inst + inst + "key|key||");
    messages.add(start + inst + "key|key|extra|1|more|2||");
    messages.add(start + inst + "key|key|key|again||");
    // Not as flags: all bits set has lock and open_lock among them, and the real server dies of
    // both.
    for (String function :
        List.of(
            "2",
            "x",
            "-1",
            "4294967296",
            "18446744073709551615",
            "18446744073709551616",
            "-18446744073709551616",
            "99999999999999999999999999")) {
      messages.add("request|sequence|table|" + table + "|" + inst + "function|" + function + "||");
    }
    messages.add("request|LOOKUP|table|" + table + "|" + inst + "key|key||");
    messages.add("request|bogus|table|" + table + "||");
    messages.add("request||table|" + table + "||");
    messages.add("request|lookup|table|proxy:" + table + "|" + inst + "key|key||");
    messages.add("request|lookup|table|proxy:proxy:" + table + "|" + inst + "key|key||");
    return messages;
  }
}
