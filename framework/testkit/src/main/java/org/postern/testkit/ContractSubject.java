package org.postern.testkit;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postern.spi.Entry;
import org.postern.spi.LookupResult;
import org.postern.spi.NotFound;
import org.postern.spi.TableDriver;
import org.postern.spi.TableFlags;

/**
 * What the contracts must be told about the table type under test. A test class implements this by
 * way of {@link DriverContract}, one class for each maptype.
 *
 * <p>The sample is one small table whose content the author chooses, so that a type whose content
 * cannot be chosen (users of this machine) or written (a format for which there is no writer) can
 * be tested like any other.
 */
public interface ContractSubject {

  /** The driver under test. */
  TableDriver driver();

  /**
   * What the type can do. Where something is missing, the contract tests that it is refused.
   *
   * @return none (the default) when it can only answer lookups
   */
  default Set<Capability> capabilities() {
    return Set.of();
  }

  /**
   * The type's own bits: what {@link org.postern.spi.Table#flags()} of the sample must be.
   *
   * @return {@link TableFlags#FIXED} (the default) for a type that has no others
   */
  default int flags() {
    return TableFlags.FIXED;
  }

  /**
   * Makes the sample table and says how to open it for reading.
   *
   * @param directory empty, and gone after the test
   */
  TestOpening sample(Path directory) throws Exception;

  /**
   * What is in the sample: all of it when the type can do {@link Capability#SEQUENCE}, else at
   * least a part. Keys of ASCII letters in lower case make the most of the tests.
   */
  List<Entry> entries();

  /**
   * Says how to open a table of this type whose source is not there, so that {@link
   * OpeningContract} can see it fail.
   *
   * @param directory as for {@link #sample}
   * @return empty when the type has no source that could be missing (the default)
   */
  default Optional<TestOpening> withoutSource(Path directory) throws Exception {
    return Optional.empty();
  }

  /**
   * The source file of the sample, if that is what the type has: {@link OpeningContract} takes it
   * away in the middle of an opening, to see that the file is watched before it is read.
   *
   * @return empty when there is no such file (the default)
   */
  default Optional<Path> sourceFile(Path directory) {
    return Optional.empty();
  }

  /** What the sample answers to a key that is not among its entries. */
  default Class<? extends LookupResult> answerToUnknownKeys() {
    return NotFound.class;
  }

  /**
   * The same for a key that is not UTF-8. The host asks for none where UTF-8 is wanted; a server
   * may refuse it, which keeps us from knowing.
   */
  default Class<? extends LookupResult> answerToKeysThatAreNotUtf8() {
    return answerToUnknownKeys();
  }

  /** Whether {@code KEY} is another key than {@code key} to the sample itself. */
  default boolean caseMatters() {
    return true;
  }

  /** Whether an update is still there when the table was closed and opened again. */
  default boolean persistent() {
    return true;
  }
}
