package org.postern.driver.pattern;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * About how much memory the C library takes to compile a pattern, and rather too much. glibc copies
 * what is repeated, so that repetitions of repetitions grow beyond all bounds; it notes for each
 * place that can be passed without a character which others are reached from there; and it calls
 * itself once for each parenthesis that is open. None of this has a limit there.
 */
final class RegexpDemand {
  /** As many as libpcre2 takes; some hundreds more would fill the stack of a thread. */
  private static final int DEEPEST = 250;

  /** As {@link #DEEPEST}: from one copy of what may be empty to the next it calls itself, too. */
  private static final int MOST_IN_A_ROW = 4000;

  private static final double BYTES_OF_A_NODE = 250;
  private static final double BYTES_OF_A_WAY = 8;

  private final String pattern;
  private final boolean extended;
  private final Deque<Group> open = new ArrayDeque<>();
  private Group group = new Group();
  private int position;

  private RegexpDemand(String pattern, boolean extended) {
    this.pattern = pattern;
    this.extended = extended;
  }

  /**
   * The memory for a pattern that may be wrong.
   *
   * @param extended whether it is an extended regular expression, regex(7), or a basic one
   * @return bytes; {@link Long#MAX_VALUE} when the library must not be asked
   */
  static long bytes(String pattern, boolean extended) {
    return new RegexpDemand(pattern, extended).read();
  }

  /**
   * What a part of a pattern becomes.
   *
   * @param nodes of the automaton
   * @param inARow how many of them can be passed one after the other without a character
   * @param ways from one node to others, in parts that are left behind with a character
   * @param canBeEmpty whether all of it can be passed without a character
   */
  private record Part(double nodes, double inARow, double ways, boolean canBeEmpty) {
    static final Part CHARACTER = new Part(1, 0, 0, false);

    Part optional() {
      return new Part(nodes + 1, inARow + 2, ways, true);
    }

    /**
     * @param most how often; -1 for any number
     */
    Part repeated(int least, int most) {
      double copies = most >= 0 ? most : Math.max(1, least) + 1;
      double row = canBeEmpty ? copies * (inARow + 1) : inARow + (most == least ? 0 : copies);
      double size =
          canBeEmpty && copies > 1 && row > MOST_IN_A_ROW
              ? Double.POSITIVE_INFINITY
              : copies * (nodes + 1);
      return new Part(size, row, copies * ways, canBeEmpty || least == 0);
    }
  }

  /** Alternatives, up to where they have been read. */
  private static final class Group {
    private double nodes;
    private double inARow;
    private double ways;
    private boolean canBeEmpty;
    private double row;
    private boolean onlyEmpty = true;
    private @Nullable Part last;

    /** Takes an element, to which a quantifier may come. */
    void add(Part part) {
      endElement();
      last = part;
    }

    private void endElement() {
      if (last != null) {
        nodes += last.nodes();
        ways += last.ways();
        row += last.inARow();
        if (!last.canBeEmpty()) {
          ways += row * row;
          row = 0;
          onlyEmpty = false;
        }
        last = null;
      }
    }

    void endAlternative() {
      endElement();
      nodes++;
      inARow += row + 1;
      canBeEmpty |= onlyEmpty;
      row = 0;
      onlyEmpty = true;
    }

    Part end() {
      endAlternative();
      return new Part(nodes + 2, inARow + 2, ways, canBeEmpty);
    }
  }

  private long read() {
    while (position < pattern.length()) {
      char c = pattern.charAt(position++);
      boolean escaped = c == '\\' && position < pattern.length();
      if (escaped) {
        c = pattern.charAt(position++);
      }
      boolean special = escaped != extended;
      if (c == '(' && special) {
        if (open.size() == DEEPEST) {
          return Long.MAX_VALUE;
        }
        open.push(group);
        group = new Group();
      } else if (c == ')' && special && !open.isEmpty()) {
        Part whole = group.end();
        group = open.pop();
        group.add(whole);
      } else if (c == '|' && special) {
        group.endAlternative();
      } else {
        element(c, special, escaped);
      }
    }
    while (!open.isEmpty()) {
      Part unclosed = group.end();
      group = open.pop();
      group.add(unclosed);
    }
    Part all = group.end();
    double bytes =
        all.nodes() * BYTES_OF_A_NODE + (all.ways() + all.inARow() * all.inARow()) * BYTES_OF_A_WAY;
    return (long) bytes; // the largest long when it is larger
  }

  private void element(char c, boolean special, boolean escaped) {
    Part last = group.last;
    if (last != null && c == '*' && !escaped) {
      group.last = last.optional();
    } else if (last != null && c == '?' && special) {
      group.last = last.optional();
    } else if (last != null && c == '+' && special) {
      group.last = last.repeated(1, -1);
    } else if (last != null && c == '{' && special) {
      group.last = interval(last);
    } else {
      if (c == '[' && !escaped) {
        skipBracket();
      }
      group.add(Part.CHARACTER);
    }
  }

  /** Reads an interval; what is none counts as one that repeats nothing. */
  private Part interval(Part last) {
    int least = number();
    int most = least;
    if (position < pattern.length() && pattern.charAt(position) == ',') {
      position++;
      most = number();
    }
    String end = extended ? "}" : "\\}";
    if (pattern.startsWith(end, position)) {
      position += end.length();
    }
    return last.repeated(Math.max(0, least), most);
  }

  /** Reads a number, -1 when there is none. */
  private int number() {
    int number = -1;
    while (position < pattern.length() && Character.isDigit(pattern.charAt(position))) {
      number = Math.min(Short.MAX_VALUE, Math.max(0, number) * 10 + pattern.charAt(position) - '0');
      position++;
    }
    return number;
  }

  private void skipBracket() {
    int start = position;
    if (pattern.startsWith("^", start)) {
      start++;
    }
    int end = pattern.indexOf(']', start + 1);
    while (end > 0 && isWithinClass(start, end)) {
      end = pattern.indexOf(']', end + 1);
    }
    position = end < 0 ? pattern.length() : end + 1;
  }

  /** Whether a bracket ends <code>[:alpha:]</code> or the like and not the whole expression. */
  private boolean isWithinClass(int start, int end) {
    char kind = pattern.charAt(end - 1);
    return ".:=".indexOf(kind) >= 0
        && end - 2 > start
        && pattern.lastIndexOf("[" + kind, end - 2) >= start;
  }
}
