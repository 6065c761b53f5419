package org.postern.driver.textfile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postern.driver.file.FileTrouble;
import org.postern.spi.Table;
import org.postern.spi.TableDriver;
import org.postern.spi.TableOpening;
import org.postern.spi.TableUnavailableException;

/**
 * The {@code environ} type: the environment of this process, as it was when the process started.
 * The name may be anything. DATABASE_README tells of it. Read-only: what Postfix changed here, only
 * the changing process would see.
 */
public final class EnvironDriver implements TableDriver {
  /** The environment's bytes. System.getenv has passed them through a character set. */
  private static final Path ENVIRONMENT = Path.of("/proc/self/environ");

  private volatile byte @Nullable [] preloaded;

  @Override
  public Set<String> maptypes() {
    return Set.of("environ");
  }

  /** The kernel lets only root read it once this process has become somebody else. */
  @Override
  public void preload() {
    try {
      preloaded = Files.readAllBytes(ENVIRONMENT);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Table open(TableOpening opening) throws TableUnavailableException {
    byte[] before = preloaded;
    try {
      return new EnvironTable(before != null ? before : Files.readAllBytes(ENVIRONMENT));
    } catch (IOException e) {
      throw new TableUnavailableException("open " + ENVIRONMENT + ": " + FileTrouble.words(e), e);
    }
  }
}
