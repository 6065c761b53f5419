package org.postern.testkit.skipped;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Writes a line for each test that is skipped into the file that the system property {@value #FILE}
 * names; without the property it does nothing. JUnit finds it by itself.
 */
public final class SkippedTests implements TestExecutionListener {
  /** Set by the build. Whoever runs tests otherwise is told by JUnit. */
  static final String FILE = "postern.skipped";

  private static final Set<String> UNCHECKED = ConcurrentHashMap.newKeySet();

  private final ConcurrentLinkedQueue<SkippedLine> lines = new ConcurrentLinkedQueue<>();
  private final Set<String> said = ConcurrentHashMap.newKeySet();
  private volatile @Nullable TestPlan plan;

  /** Notes that tests which ran would have checked more. */
  public static void noteCheck(String reason) {
    UNCHECKED.add(reason);
  }

  @Override
  public void testPlanExecutionStarted(TestPlan started) {
    plan = started;
  }

  @Override
  public void executionSkipped(TestIdentifier identifier, String reason) {
    skipped(identifier, reason);
  }

  @Override
  public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
    if (result.getStatus() == Status.ABORTED) {
      skipped(
          identifier, result.getThrowable().map(SkippedTests::reason).orElse("no reason is given"));
    }
  }

  private static String reason(Throwable thrown) {
    String message = thrown.getMessage();
    return message == null ? thrown.toString() : message;
  }

  private void skipped(TestIdentifier identifier, String reason) {
    TestPlan all = plan;
    long tests =
        all == null
            ? 1
            : Stream.concat(Stream.of(identifier), all.getDescendants(identifier).stream())
                .filter(each -> isOneTest(all, each))
                .count();
    add(new SkippedLine(tests, reason));
  }

  /** Says each reason once, for whoever tests one room only: the sum comes with the whole. */
  private void add(SkippedLine line) {
    if (!System.getProperty(FILE, "").isEmpty() && said.add(line.reason())) {
      System.out.println("SKIPPED: " + line.reason());
    }
    lines.add(line);
  }

  /** A parameterized one counts as one: how often it would have run is not known. */
  private static boolean isOneTest(TestPlan plan, TestIdentifier identifier) {
    return identifier.isTest()
        || (identifier.getSource().orElse(null) instanceof MethodSource
            && plan.getChildren(identifier).isEmpty());
  }

  @Override
  public void testPlanExecutionFinished(TestPlan finished) {
    String file = System.getProperty(FILE, "");
    if (file.isEmpty()) {
      return;
    }
    UNCHECKED.forEach(reason -> add(new SkippedLine(0, reason)));
    UNCHECKED.clear();
    try {
      Path path = Path.of(file);
      Files.createDirectories(path.toAbsolutePath().getParent());
      Files.write(path, lines.stream().map(SkippedLine::toString).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
