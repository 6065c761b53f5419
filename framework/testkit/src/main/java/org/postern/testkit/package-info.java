/**
 * The contract that every table driver must pass, ours and yours: one interface of JUnit 5 tests
 * per capability.
 *
 * <ul>
 *   <li>{@link org.postern.testkit.LookupContract}, {@link org.postern.testkit.SequenceContract},
 *       {@link org.postern.testkit.UpdateContract}, {@link org.postern.testkit.DeleteContract}:
 *       what a table does. Where a type {@linkplain org.postern.testkit.Capability cannot} do one,
 *       they test that it refuses as it should.
 *   <li>{@link org.postern.testkit.OpeningContract}: how it opens, opens again, fails to open.
 *   <li>{@link org.postern.testkit.ConcurrencyContract}: it is asked from many threads at once.
 *   <li>{@link org.postern.testkit.DriverContract}: all of these together. {@link
 *       org.postern.testkit.ContractSubject} is what they must be told.
 * </ul>
 *
 * {@snippet lang = "java":
 * final class GreetingContractTest implements DriverContract {
 *   public TableDriver driver() {
 *     return new GreetingDriver();
 *   }
 *
 *   public Set<Capability> capabilities() {
 *     return Set.of(); // lookups only
 *   }
 *
 *   public int flags() {
 *     return TableFlags.FIXED;
 *   }
 *
 *   public TestOpening sample(Path directory) {
 *     return TestOpening.of("greeting", "hello");
 *   }
 *
 *   public List<Entry> entries() {
 *     return List.of(Bytes.entry("anybody", "hello"));
 *   }
 *
 *   public Class<? extends LookupResult> answerToUnknownKeys() {
 *     return Found.class;
 *   }
 * }
 * }
 *
 * <p>For a driver's own tests: {@link org.postern.testkit.TestOpening} is an opening that records
 * what the driver asked for, and fails a test in which an unexpected warning was logged; {@link
 * org.postern.testkit.Bytes}, {@link org.postern.testkit.Answer} and {@link
 * org.postern.testkit.Walk} write and read keys and results. {@link org.postern.testkit.Postmap}
 * asks the real Postfix, where there is one.
 *
 * <p>Versions follow those of the spi.
 */
@NullMarked
package org.postern.testkit;

import org.jspecify.annotations.NullMarked;
