package org.postern.host.protocol;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postern.spi.TableFlags;

/** The names that Postfix's own logs have for the flags of its table protocol. */
public final class FlagNames {
  private static final Map<Integer, String> NAMES = names();

  private FlagNames() {}

  private static Map<Integer, String> names() {
    Map<Integer, String> names = new LinkedHashMap<>();
    names.put(TableFlags.DUP_WARN, "DUP_WARN");
    names.put(TableFlags.DUP_IGNORE, "DUP_IGNORE");
    names.put(TableFlags.TRY0NULL, "TRY0NULL");
    names.put(TableFlags.TRY1NULL, "TRY1NULL");
    names.put(TableFlags.FIXED, "FIXED");
    names.put(TableFlags.PATTERN, "PATTERN");
    names.put(TableFlags.LOCK, "LOCK");
    names.put(TableFlags.DUP_REPLACE, "DUP_REPLACE");
    names.put(TableFlags.SYNC_UPDATE, "SYNC_UPDATE");
    names.put(TableFlags.NO_REGSUB, "NO_REGSUB");
    names.put(TableFlags.NO_PROXY, "NO_PROXY");
    names.put(TableFlags.NO_UNAUTH, "NO_UNAUTH");
    names.put(TableFlags.FOLD_FIX, "FOLD_FIX");
    names.put(TableFlags.FOLD_MUL, "FOLD_MUL");
    names.put(TableFlags.OPEN_LOCK, "OPEN_LOCK");
    names.put(TableFlags.BULK_UPDATE, "BULK_UPDATE");
    names.put(TableFlags.MULTI_WRITER, "MULTI_WRITER");
    names.put(TableFlags.UTF8_REQUEST, "UTF8_REQUEST");
    names.put(TableFlags.UTF8_ACTIVE, "UTF8_ACTIVE");
    names.put(TableFlags.SRC_RHS_IS_FILE, "SRC_RHS_IS_FILE");
    names.put(TableFlags.SURROGATE, "SURROGATE");
    return names;
  }

  /** Those of the flags that are set; bits without a name as a hexadecimal number. */
  public static List<String> of(int flags) {
    List<String> set = new ArrayList<>();
    int rest = flags;
    for (Map.Entry<Integer, String> name : NAMES.entrySet()) {
      if ((flags & name.getKey()) != 0) {
        set.add(name.getValue());
        rest &= ~name.getKey();
      }
    }
    if (rest != 0) {
      set.add("0x" + Integer.toHexString(rest));
    }
    return set;
  }
}
