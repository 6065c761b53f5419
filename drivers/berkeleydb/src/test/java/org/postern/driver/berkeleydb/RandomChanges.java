package org.postern.driver.berkeleydb;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.postern.testkit.Bytes;

/**
 * Changes at random, and what a table holds after them. Keys and values are with their NULs, one
 * character for each byte; some are too big for a page.
 */
final class RandomChanges {
  private final Random random;
  private final int longest;
  private final TreeMap<String, String> model;

  /**
   * @param pageSize of the table, bytes
   * @param pairs what is in the table
   */
  RandomChanges(long seed, int pageSize, Map<String, String> pairs) {
    this.random = new Random(seed);
    this.longest = pageSize / 3;
    this.model = new TreeMap<>(pairs);
  }

  /** What the table holds now. */
  Map<String, String> model() {
    return model;
  }

  /**
   * One more change of the model.
   *
   * @param growth how many of ten changes store a value
   * @return the key; its value is in the model, unless it was removed
   */
  String next(int growth) {
    if (random.nextInt(10) < growth) {
      String key = random.nextInt(3) > 0 || model.isEmpty() ? newKey() : oldKey();
      model.put(key, text(random.nextInt(20) == 0 ? 3 * longest : longest / 4) + '\0');
      return key;
    }
    String key = random.nextInt(10) == 0 || model.isEmpty() ? newKey() : oldKey();
    model.remove(key);
    return key;
  }

  private String newKey() {
    String key = "key" + text(random.nextInt(25) == 0 ? 4 * longest : 3) + random.nextInt(1000);
    return random.nextBoolean() ? key : key + '\0';
  }

  private String oldKey() {
    String key = model.ceilingKey("key" + (char) ('a' + random.nextInt(5)));
    List<String> keys = new ArrayList<>(model.keySet());
    return key == null || random.nextBoolean() ? keys.get(random.nextInt(keys.size())) : key;
  }

  private String text(int bound) {
    int length = random.nextInt(Math.max(1, bound));
    char[] text = new char[length];
    for (int i = 0; i < length; i++) {
      text[i] = (char) ('a' + (i < length / 2 ? 0 : random.nextInt(5)));
    }
    return new String(text);
  }

  /** Makes the change of {@link #next} in a table. */
  static void make(TableChanges changes, String key, Map<String, String> model)
      throws CorruptFileException {
    String value = model.get(key);
    if (value == null) {
      changes.remove(Bytes.bytes(key));
    } else {
      changes.put(Bytes.bytes(key), Bytes.bytes(value));
    }
  }
}
