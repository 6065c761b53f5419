package org.postern.testkit.skipped;

/**
 * A line of the files that {@link SkippedTests} writes.
 *
 * @param tests how many were skipped; 0: they ran, and checked less
 * @param reason in one line
 */
record SkippedLine(long tests, String reason) {
  SkippedLine {
    reason = reason.strip().replaceFirst("^Assumption failed: ", "").replaceFirst("(?s)\\R.*", "");
  }

  static SkippedLine parse(String line) {
    int space = line.indexOf(' ');
    return new SkippedLine(Long.parseLong(line.substring(0, space)), line.substring(space + 1));
  }

  @Override
  public String toString() {
    return tests + " " + reason;
  }
}
