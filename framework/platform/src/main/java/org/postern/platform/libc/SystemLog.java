package org.postern.platform.libc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

  private static @Nullable String program;
  private static int facilityCode;
  private static boolean connected;

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
   * Says how lines look that are logged from now on.
   *
   * @param ident what stands before the process id: {@code postfix/proxymap}
   * @param facility a name for which {@link #isFacility} is true
   */
  public static synchronized void open(String ident, String facility) {
    program = ident;
    facilityCode = number(facility) << FACILITY_SHIFT;
    connected = false;
  }

  /**
   * Connects, if {@link #open} was called, and this was not done since. The first line does it; who
   * leaves the file system that /dev/log is in does it before.
   */
  public static synchronized void connect() {
    if (program == null || connected) {
      return;
    }
    try {
      // The C library keeps the pointer.
      MemorySegment name = Arena.global().allocateFrom(program);
      Functions.OPENLOG.invokeExact(name, LOG_PID | LOG_NDELAY, facilityCode);
      connected = true;
    } catch (Throwable e) {
      throw CLibrary.unexpected(e);
    }
  }

  /**
   * Logs a line.
   *
   * @param level from 0, an emergency, to 7, for debugging
   */
  public static void log(int level, String line) {
    connect();
    try (Arena arena = Arena.ofConfined()) {
      Functions.SYSLOG.invokeExact(level, Functions.FORMAT, arena.allocateFrom(line));
    } catch (Throwable e) {
      throw CLibrary.unexpected(e);
    }
  }

  /** Linked when there is something to log. */
  private static final class Functions {
    /** {@code void openlog(const char *ident, int option, int facility)}. */
    static final MethodHandle OPENLOG =
        CLibrary.function("openlog", FunctionDescriptor.ofVoid(ADDRESS, JAVA_INT, JAVA_INT));

    /** {@code void syslog(int priority, const char *format, ...)} with a string. */
    static final MethodHandle SYSLOG =
        CLibrary.function(
            "syslog",
            FunctionDescriptor.ofVoid(JAVA_INT, ADDRESS, ADDRESS),
            Linker.Option.firstVariadicArg(2));

    static final MemorySegment FORMAT = Arena.global().allocateFrom("%s");

    private Functions() {}
  }
}
