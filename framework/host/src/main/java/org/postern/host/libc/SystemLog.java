package org.postern.host.libc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;

/** The system's log, by syslog(3). One for the process. */
public final class SystemLog {
  private static final int LOG_PID = 1;
  private static final int LOG_NDELAY = 8;
  private static final int FACILITY_SHIFT = 3;
  private static final int FIRST_LOCAL = 16;

  /** The facilities of syslog(3) by number, as the parameter syslog_facility names them. */
  private static final List<String> FACILITIES =
      List.of(
          "kern",
          "user",
          "mail",
          "daemon",
          "auth",
          "syslog",
          "lpr",
          "news",
          "uucp",
          "cron",
          "authpriv",
          "ftp");

  /** {@code void openlog(const char *ident, int option, int facility)}. */
  private static final MethodHandle OPENLOG =
      LibC.plain("openlog", FunctionDescriptor.ofVoid(ADDRESS, JAVA_INT, JAVA_INT));

  /** {@code void syslog(int priority, const char *format, ...)} with a string. */
  private static final MethodHandle SYSLOG =
      LibC.variadic("syslog", FunctionDescriptor.ofVoid(JAVA_INT, ADDRESS, ADDRESS), 2);

  private static final MemorySegment FORMAT = Arena.global().allocateFrom("%s");

  private SystemLog() {}

  /** Whether syslog(3) has a facility of this name. */
  public static boolean isFacility(String name) {
    return number(name) >= 0;
  }

  private static int number(String facility) {
    if (facility.matches("local[0-7]")) {
      return FIRST_LOCAL + facility.charAt(facility.length() - 1) - '0';
    }
    return FACILITIES.indexOf(facility);
  }

  /**
   * Begins to log.
   *
   * @param ident what stands before the process id: {@code postfix/proxymap}
   * @param facility a name for which {@link #isFacility} is true
   */
  public static void open(String ident, String facility) {
    try {
      // The C library keeps the pointer.
      MemorySegment name = Arena.global().allocateFrom(ident);
      OPENLOG.invokeExact(name, LOG_PID | LOG_NDELAY, number(facility) << FACILITY_SHIFT);
    } catch (Throwable e) {
      throw LibC.unexpected(e);
    }
  }

  /**
   * Logs a line.
   *
   * @param level from 0, an emergency, to 7, for debugging
   */
  public static void log(int level, String line) {
    try (Arena arena = Arena.ofConfined()) {
      SYSLOG.invokeExact(level, FORMAT, arena.allocateFrom(line));
    } catch (Throwable e) {
      throw LibC.unexpected(e);
    }
  }
}
