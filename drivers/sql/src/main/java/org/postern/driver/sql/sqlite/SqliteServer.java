package org.postern.driver.sql.sqlite;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.postern.driver.sql.Dialect;
import org.postern.driver.sql.Troubles;
import org.postern.platform.text.FileKind;
import org.sqlite.SQLiteConfig;

/** One database file, opened for reading only. Equal when the file's name is. */
final class SqliteServer implements Dialect.Server {
  private static final Duration IDLE_INTERVAL = Duration.ofSeconds(60);

  private final Path file;

  /** Which file the name led to when a connection was last made. */
  private volatile @Nullable Object identity;

  /** Whether some connections lead to one file and some to another. */
  private final AtomicBoolean mixed = new AtomicBoolean();

  SqliteServer(Path file) {
    this.file = file;
  }

  @Override
  public String name() {
    return file.toString();
  }

  @Override
  public String backendName() {
    return file.toString();
  }

  @Override
  public boolean isLocal() {
    return true;
  }

  @Override
  public Duration idleInterval() {
    return IDLE_INTERVAL;
  }

  @Override
  public Duration retryInterval() {
    return Duration.ofSeconds(1);
  }

  @Override
  public Charset charset() {
    return StandardCharsets.UTF_8;
  }

  @Override
  public boolean isReadOnly() {
    return true;
  }

  @Override
  public Connection connect(Duration connectTime, Duration answerTime) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setBusyTimeout((int) answerTime.dividedBy(2).toMillis());
    Object before = identity;
    identity = currentIdentity();
    if (before != null && !before.equals(identity)) {
      mixed.set(true);
    }
    return config.createConnection("jdbc:sqlite:" + file);
  }

  @Override
  public boolean isReplaced() {
    Object opened = identity;
    Object now = currentIdentity();
    return mixed.getAndSet(false) || (opened != null && now != null && !opened.equals(now));
  }

  private @Nullable Object currentIdentity() {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    } catch (IOException e) {
      return null;
    }
  }

  @Override
  public String connectFailed(SQLException e) {
    return file + ": Can't open database: " + Troubles.ofConnecting(e, "") + kind(e);
  }

  /** What the file is, if it is no database: to be added to a message. */
  String kind(SQLException e) {
    return String.valueOf(e.getMessage()).startsWith("[SQLITE_NOTADB]")
        ? FileKind.otherThan(FileKind.SQLITE, file)
        : "";
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SqliteServer server && file.equals(server.file);
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(file);
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
