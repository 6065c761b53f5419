package org.postern.driver.textfile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.postern.spi.Found;
import org.postern.spi.LookupResult;
import org.postern.spi.NotFound;
import org.postern.spi.Table;
import org.postern.spi.TableFlags;

/** Environment variables, found as getenv(3) finds them. */
final class EnvironTable implements Table {
  private final List<byte[]> variables = new ArrayList<>();

  /**
   * @param environment {@code name=value} each with a NUL at its end: environ(7)
   */
  EnvironTable(byte[] environment) {
    int start = 0;
    for (int i = 0; i < environment.length; i++) {
      if (environment[i] == 0) {
        variables.add(Arrays.copyOfRange(environment, start, i));
        start = i + 1;
      }
    }
  }

  @Override
  public int flags() {
    return TableFlags.FIXED;
  }

  @Override
  public boolean answersFromMemory() {
    return true;
  }

  /** The first variable whose text is the key and an equals sign; so a key may hold one itself. */
  @Override
  public LookupResult lookup(byte[] key, int flags) {
    int length = key.length;
    for (byte[] variable : variables) {
      if (length > 0
          && variable.length > length
          && variable[length] == '='
          && Arrays.equals(variable, 0, length, key, 0, length)) {
        return new Found(Arrays.copyOfRange(variable, length + 1, variable.length));
      }
    }
    return NotFound.NOT_FOUND;
  }
}
