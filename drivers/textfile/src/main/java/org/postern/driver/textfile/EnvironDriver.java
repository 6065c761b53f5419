package org.postern.driver.textfile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.postern.platform.text.FileTrouble;
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

  /** Read at the start: only root may, once this process has become somebody else. */
  private final Supplier<byte[]> environment = read();

  private static Supplier<byte[]> read() {
    try {
      byte[] bytes = Files.readAllBytes(ENVIRONMENT);
      return () -> bytes;
    } catch (IOException e) {
      return () -> {
        throw new UncheckedIOException(e);
      };
    }
  }

  @Override
  public Set<String> maptypes() {
    return Set.of("environ");
  }

  @Override
  public Table open(TableOpening opening) throws TableUnavailableException {
    try {
      return new EnvironTable(environment.get());
    } catch (UncheckedIOException e) {
      throw new TableUnavailableException(
          "open " + ENVIRONMENT + ": " + FileTrouble.words(Objects.requireNonNull(e.getCause())),
          e);
    }
  }
}
