package org.postern.driver.berkeleydb;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.postern.driver.file.Replacement;
import org.postern.platform.libc.SystemCallException;
import org.postern.platform.text.FileTrouble;
import org.postern.spi.TableUnavailableException;

/**
 * Makes a table anew: in a file of its own, which takes the old one's place under that one's
 * exclusive lock.
 */
final class Rebuild extends Load {
  private final Path path;
  private final Replacement replacement;
  private final CachedPages pages;
  private final TableChanges table;

  private Rebuild(Path path, System.Logger logger, Replacement replacement, CachedPages pages)
      throws CorruptFileException {
    super(path, logger);
    this.path = path;
    this.replacement = replacement;
    this.pages = pages;
    this.table = TableChanges.of(pages);
  }

  /**
   * Begins with an empty table.
   *
   * @param path of the file
   * @param memory for pages, bytes
   */
  static Rebuild begin(String maptype, Path path, System.Logger logger, long memory)
      throws IOException, CorruptFileException {
    Replacement replacement = Replacement.of(path);
    try {
      byte[] content = NewFile.content(maptype);
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        replacement.channel().write(bytes);
      }
      FileHeader file = FileHeader.read(maptype, MemorySegment.ofArray(content), content.length);
      CachedPages pages = new CachedPages(replacement.channel(), file, memory);
      return new Rebuild(path, logger, replacement, pages);
    } catch (IOException | CorruptFileException | RuntimeException | Error e) {
      replacement.close();
      throw e;
    }
  }

  @Override
  TableChanges next() {
    pages.beginOperation();
    return table;
  }

  @Override
  public void commit() throws TableUnavailableException {
    try {
      pages.writeAll();
      replacement.sync();
      FilesOnDisk.replace(path, replacement);
    } catch (IOException e) {
      throw unavailable(FileTrouble.words(e), e);
    } catch (CorruptFileException | SystemCallException e) {
      throw unavailable(e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    pages.close();
    replacement.close();
  }
}
