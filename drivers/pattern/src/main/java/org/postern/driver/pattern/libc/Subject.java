package org.postern.driver.pattern.libc;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The string that patterns are tried on, as a C string in native memory, and where the groups of
 * the last match are in it. Each thread has one, kept from lookup to lookup.
 */
public final class Subject {
  private static final ThreadLocal<Subject> OF_THREAD = ThreadLocal.withInitial(Subject::new);
  private static final byte[] NOTHING = {};

  private MemorySegment text = Arena.ofAuto().allocate(512);
  private byte[] bytes = NOTHING;

  /** Begin and end of each group: pairs, group 0 first. */
  private long[] groups = new long[20];

  /** Where the C library puts the groups: {@link PosixRegex}. */
  MemorySegment regmatch = Arena.ofAuto().allocate(128, 8);

  /** Where libpcre2 puts them: {@link Pcre2}. */
  long matchData;

  /** How many pairs {@link #matchData} has room for. */
  int matchDataPairs;

  /** Keeps {@link #matchData} alive. */
  private MemorySegment matchDataMemory = MemorySegment.NULL;

  private Subject() {}

  /**
   * The calling thread's.
   *
   * @param subject without a NUL; not to be changed as long as it is in use
   */
  public static Subject of(byte[] subject) {
    Subject one = OF_THREAD.get();
    one.bytes = subject;
    if (subject.length >= one.text.byteSize()) {
      one.text = Arena.ofAuto().allocate(2L * subject.length);
    }
    MemorySegment.copy(subject, 0, one.text, JAVA_BYTE, 0, subject.length);
    one.text.set(JAVA_BYTE, subject.length, (byte) 0);
    return one;
  }

  void setMatchData(MemorySegment data, int pairs) {
    matchDataMemory = data;
    matchData = matchDataMemory.address();
    matchDataPairs = pairs;
  }

  void forgetMatchData() {
    matchDataMemory = MemorySegment.NULL;
    matchDataPairs = 0;
  }

  long address() {
    return text.address();
  }

  int length() {
    return bytes.length;
  }

  /** The subject's bytes. */
  public byte[] bytes() {
    return bytes;
  }

  void setGroup(int group, long begin, long end) {
    if (2 * group + 1 >= groups.length) {
      groups = Arrays.copyOf(groups, 4 * group);
    }
    groups[2 * group] = begin;
    groups[2 * group + 1] = end;
  }

  /** Where a group of the last match begins in {@link #bytes()}; 0 when it matched nothing. */
  public int begin(int group) {
    return (int) groups[2 * group];
  }

  /** Where a group of the last match ends; the same as where it begins when it matched nothing. */
  public int end(int group) {
    return (int) groups[2 * group + 1];
  }
}
