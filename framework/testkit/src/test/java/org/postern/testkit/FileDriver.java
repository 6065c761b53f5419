package org.postern.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postern.spi.ChangeResult;
import org.postern.spi.Changed;
import org.postern.spi.Found;
import org.postern.spi.LookupResult;
import org.postern.spi.NotFound;
import org.postern.spi.Retry;
import org.postern.spi.Sequence;
import org.postern.spi.Table;
import org.postern.spi.TableDriver;
import org.postern.spi.TableFlags;
import org.postern.spi.TableOpening;
import org.postern.spi.TableUnavailableException;

/** A driver that can do everything, in the plainest way: a Java properties file. */
final class FileDriver implements TableDriver {

  @Override
  public Set<String> maptypes() {
    return Set.of("file");
  }

  @Override
  public Table open(TableOpening opening) throws TableUnavailableException {
    Path file = Path.of(opening.name());
    opening.watch(file);
    Properties entries = new Properties();
    try (Reader reader = Files.newBufferedReader(file, ISO_8859_1)) {
      entries.load(reader);
    } catch (IOException e) {
      throw new TableUnavailableException("open " + file, e);
    }
    return new FileTable(file, entries);
  }

  private record FileTable(Path file, Properties entries) implements Table {
    @Override
    public int flags() {
      return TableFlags.FIXED;
    }

    @Override
    public boolean answersFromMemory() {
      return true;
    }

    @Override
    public LookupResult lookup(byte[] key, int flags) {
      @Nullable String value = entries.getProperty(Bytes.text(key));
      return value == null ? NotFound.NOT_FOUND : new Found(Bytes.bytes(value));
    }

    @Override
    public ChangeResult update(byte[] key, byte[] value, int flags) {
      entries.setProperty(Bytes.text(key), Bytes.text(value));
      return store();
    }

    @Override
    public ChangeResult delete(byte[] key, int flags) {
      return entries.remove(Bytes.text(key)) == null ? NotFound.NOT_FOUND : store();
    }

    @Override
    public Sequence sequence(int flags) {
      Iterator<String> keys = entries.stringPropertyNames().iterator();
      return () -> {
        if (!keys.hasNext()) {
          return NotFound.NOT_FOUND;
        }
        String key = keys.next();
        return Bytes.entry(key, entries.getProperty(key));
      };
    }

    private ChangeResult store() {
      try (Writer writer = Files.newBufferedWriter(file, ISO_8859_1)) {
        entries.store(writer, null);
        return Changed.CHANGED;
      } catch (IOException e) {
        return new Retry(e.toString());
      }
    }
  }
}
