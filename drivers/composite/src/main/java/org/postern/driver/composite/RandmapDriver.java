package org.postern.driver.composite;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.postern.platform.text.ByteText;
import org.postern.platform.text.HeapLimit;
import org.postern.platform.text.ValueFiles;
import org.postern.spi.Found;
import org.postern.spi.LookupResult;
import org.postern.spi.Table;
import org.postern.spi.TableDriver;
import org.postern.spi.TableFlags;
import org.postern.spi.TableOpening;
import org.postern.spi.TableUnavailableException;

/**
 * The {@code randmap} type: {@code randmap:{value, value …}} answers each lookup, whatever the key,
 * with one of its values, taken at random. A value in braces keeps them. DATABASE_README tells of
 * it. Read-only.
 */
public final class RandmapDriver implements TableDriver {

  @Override
  public Set<String> maptypes() {
    return Set.of("randmap");
  }

  @Override
  public int instanceFlags() {
    return TableFlags.SRC_RHS_IS_FILE;
  }

  @Override
  public Table open(TableOpening opening) throws TableUnavailableException {
    List<String> words = new NameList(opening, "value").words();
    boolean valuesAreFiles = (opening.instanceFlags() & TableFlags.SRC_RHS_IS_FILE) != 0;
    ValueFiles files = new ValueFiles(opening, new HeapLimit(opening, "randmap:" + opening.name()));
    Found[] answers = new Found[words.size()];
    for (int i = 0; i < answers.length; i++) {
      String word = words.get(i);
      answers[i] = new Found(ByteText.bytes(valuesAreFiles ? files.read(word) : word));
    }
    return new RandomTable(List.of(answers));
  }

  private record RandomTable(List<Found> answers) implements Table {
    @Override
    public int flags() {
      return TableFlags.PATTERN;
    }

    @Override
    public boolean answersFromMemory() {
      return true;
    }

    @Override
    public LookupResult lookup(byte[] key, int flags) {
      return answers.get(ThreadLocalRandom.current().nextInt(answers.size()));
    }
  }
}
