package org.postern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.postern.spi.Access;
import org.postern.spi.Parameters;
import org.postern.spi.Table;
import org.postern.spi.TableDriver;
import org.postern.spi.TableOpening;
import org.postern.spi.TableUnavailableException;

/**
 * An opening as the host makes one, for tests: says what the test says, and records what the driver
 * asks for.
 *
 * {@snippet lang = "java":
 * try (var opening = TestOpening.of("texthash", "/etc/aliases").instanceFlags(FOLD_FIX)) {
 *   Table table = opening.open(new TexthashDriver());
 *   assertThat(table.lookup(key, 0)).isInstanceOf(Found.class);
 *   opening.assertWarnings("/etc/aliases, line 3: duplicate entry: \"a\"");
 * }
 * }
 *
 * <p>Closing it closes the tables that were opened through it, then fails the test if there was a
 * warning or error that {@link #assertWarnings} has not been told of: the log is part of the
 * contract.
 *
 * <p>Used by the test's own thread, except for {@link #logger()} and what it records.
 */
public final class TestOpening implements TableOpening, AutoCloseable {
  private final String maptype;
  private final byte[] name;
  private final Map<String, String> parameters = new LinkedHashMap<>();
  private final Map<String, Table> members = new LinkedHashMap<>();
  private final List<Path> watched = new ArrayList<>();
  private final List<Table> opened = new ArrayList<>();
  private final RecordingLogger logger = new RecordingLogger();
  private Access access = Access.READ_ONLY;
  private int instanceFlags;
  private Consumer<Path> whenWatched = file -> {};
  private int linesSeen;

  private TestOpening(String maptype, byte[] name) {
    this.maptype = maptype;
    this.name = name;
  }

  /** An opening of {@code maptype:name} for reading, without flags or parameters. */
  public static TestOpening of(String maptype, String name) {
    return new TestOpening(maptype, name.getBytes(StandardCharsets.UTF_8));
  }

  /** An opening of a table whose name is a file's path. */
  public static TestOpening of(String maptype, Path file) {
    return of(maptype, file.toString());
  }

  /** An opening of a table whose name holds bytes that need not be UTF-8. */
  public static TestOpening of(String maptype, byte[] name) {
    return new TestOpening(maptype, name.clone());
  }

  /** Another opening that says the same, with nothing recorded. */
  public TestOpening again() {
    TestOpening again = of(maptype, name).access(access).instanceFlags(instanceFlags);
    again.parameters.putAll(parameters);
    again.members.putAll(members);
    return again;
  }

  public TestOpening access(Access access) {
    this.access = access;
    return this;
  }

  /** The client's instance flags. {@link #open} leaves those that the driver asks for. */
  public TestOpening instanceFlags(int flags) {
    this.instanceFlags = flags;
    return this;
  }

  /** Sets a parameter of main.cf: a finished value, in which nothing is expanded. */
  public TestOpening parameter(String parameter, String value) {
    parameters.put(parameter, value);
    return this;
  }

  /** What {@link #openMember} is to give for {@code type:name}. The test closes it. */
  public TestOpening member(String typeAndName, Table table) {
    members.put(typeAndName, table);
    return this;
  }

  /** Something to do when the driver says that it watches a file, before it can read it. */
  public TestOpening whenWatched(Consumer<Path> action) {
    this.whenWatched = action;
    return this;
  }

  /**
   * Opens the table as the host does: with the flags that the driver asks for, and no others.
   *
   * @throws TableUnavailableException as the driver throws it
   */
  public Table open(TableDriver driver) throws TableUnavailableException {
    assertThat(driver.maptypes()).contains(maptype);
    instanceFlags &= driver.instanceFlags();
    Table table = driver.open(this);
    opened.add(table);
    return table;
  }

  /** Every file that the driver watches, in the order in which it said so. */
  public List<Path> watched() {
    return List.copyOf(watched);
  }

  /** Every line that the driver has logged. */
  public List<LogLine> log() {
    return logger.lines();
  }

  /** The texts of all warnings and errors so far. */
  public List<String> warnings() {
    return log().stream().filter(LogLine::isTrouble).map(LogLine::text).toList();
  }

  /**
   * Fails unless the warnings and errors since the last call of this method are these, in this
   * order.
   */
  public void assertWarnings(String... expected) {
    List<LogLine> lines = log();
    List<String> fresh =
        lines.subList(linesSeen, lines.size()).stream()
            .filter(LogLine::isTrouble)
            .map(LogLine::text)
            .toList();
    linesSeen = lines.size();
    assertThat(fresh)
        .as("warnings of %s:%s", maptype, name())
        .containsExactlyElementsOf(Arrays.asList(expected));
  }

  @Override
  public String maptype() {
    return maptype;
  }

  @Override
  public String name() {
    return new String(name, StandardCharsets.UTF_8);
  }

  @Override
  public byte[] nameBytes() {
    return name.clone();
  }

  @Override
  public Access access() {
    return access;
  }

  @Override
  public int instanceFlags() {
    return instanceFlags;
  }

  @Override
  public Parameters parameters() {
    return parameter -> Optional.ofNullable(parameters.get(parameter));
  }

  @Override
  public void watch(Path file) {
    watched.add(file);
    whenWatched.accept(file);
  }

  @Override
  public Table openMember(byte[] typeAndName) {
    Table member = members.get(Bytes.text(typeAndName));
    if (member == null) {
      throw new AssertionError("the test has no member table " + Bytes.text(typeAndName));
    }
    return member;
  }

  @Override
  public System.Logger logger() {
    return logger;
  }

  @Override
  public void close() {
    opened.forEach(Table::close);
    opened.clear();
    assertWarnings();
  }
}
