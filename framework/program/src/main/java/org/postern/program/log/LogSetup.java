package org.postern.program.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.status.NopStatusListener;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.postern.platform.libc.SystemLog;
import org.postern.platform.text.Secrets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets Logback up without a file: found by its service loader. {@code bin/postern} says by the
 * system property {@code postern.log.terminal} whether standard error is a terminal.
 */
public final class LogSetup extends ContextAwareBase implements Configurator {
  /** So long the end of the process waits for the last lines to be written. */
  private static final Duration LAST_LINES = Duration.ofSeconds(2);

  private static final String QUEUE = "queue";
  private static final String LAYOUT = "org.postern.layout";

  /** The loggers of drivers are below it. */
  private static final String TABLES = "org.postern.table";

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    PostfixLayout layout = new PostfixLayout(!Boolean.getBoolean("postern.log.terminal"));
    layout.setContext(context);
    layout.start();
    context.putObject(LAYOUT, layout);

    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(context);
    encoder.setLayout(layout);
    encoder.start();

    ConsoleAppender<ILoggingEvent> standardError = new ConsoleAppender<>();
    standardError.setContext(context);
    standardError.setTarget("System.err");
    standardError.setEncoder(encoder);
    standardError.start();

    LogQueue queue = new LogQueue(standardError);
    queue.setContext(context);
    queue.setName(QUEUE);
    queue.start();
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(queue);
    setLevels(context, 0);
    // There is no file that could have mistakes: Logback need not get ready to print them.
    context.getStatusManager().add(new NopStatusListener());
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /**
   * Says how much is logged.
   *
   * @param verbosity how often {@code -v} was given: once for detail, twice for every request
   */
  public static void verbosity(int verbosity) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      setLevels(context, verbosity);
    }
  }

  /** How much is logged, as {@link #verbosity(int)} takes it. */
  public static int verbosity() {
    return switch (level()) {
      case Level.TRACE_INT -> 2;
      case Level.DEBUG_INT -> 1;
      default -> 0;
    };
  }

  private static int level() {
    return LoggerFactory.getILoggerFactory() instanceof LoggerContext context
        ? context.getLogger(Logger.ROOT_LOGGER_NAME).getEffectiveLevel().toInt()
        : Level.INFO_INT;
  }

  /** Logs nothing: for commands that report by themselves. */
  public static void quiet() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.OFF);
      context.getLogger("org.pf4j").setLevel(Level.OFF);
    }
  }

  /**
   * Has drivers' warnings on standard error as a command's own, and nothing else, unless more
   * detail is asked for.
   *
   * @param name of the command, as it stands before each line
   */
  public static void command(String name, int verbosity) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context
        && context.getObject(LAYOUT) instanceof PostfixLayout layout) {
      layout.setCommand(name);
      setLevels(context, verbosity);
      if (verbosity == 0) {
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.OFF);
        context.getLogger(TABLES).setLevel(Level.WARN);
      }
    }
  }

  /** Warns of something as drivers do. */
  public static void warn(String text) {
    LoggerFactory.getLogger(TABLES).warn("{}", text);
  }

  /** What stands before {@code /proxymap} in each line: the parameter syslog_name. */
  public static void syslogName(String name) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context
        && context.getObject(LAYOUT) instanceof PostfixLayout layout) {
      layout.setSyslogName(name);
    }
  }

  /**
   * Logs where Postfix's daemons do, and no more on standard error.
   *
   * @param name the parameter syslog_name
   * @param facility the parameter syslog_facility
   */
  public static void syslog(String name, String facility) {
    SystemLog.open(name + "/" + PostfixLayout.PROGRAM, facility);
    replaceAppender(new SyslogAppender());
  }

  /**
   * Logs to postlogd(8), and no more on standard error; to the system's log when that fails.
   *
   * @param name the parameter syslog_name
   * @param facility the parameter syslog_facility
   * @param socket of postlogd
   * @param host whose log it is
   */
  public static void postlog(String name, String facility, Path socket, String host) {
    SystemLog.open(name + "/" + PostfixLayout.PROGRAM, facility);
    replaceAppender(new PostlogAppender(socket, host, PostfixLayout.prefix(name)));
  }

  private static void replaceAppender(Appender<ILoggingEvent> appender) {
    queue()
        .ifPresent(queue -> {
          appender.setContext(queue.getContext());
          appender.start();
          queue.replaceTarget(appender);
        });
  }

  private static Optional<LogQueue> queue() {
    return LoggerFactory.getILoggerFactory() instanceof LoggerContext context
            && context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender(QUEUE)
                instanceof LogQueue queue
        ? Optional.of(queue)
        : Optional.empty();
  }

  /**
   * Has lines written by a thread of their own, so that nobody waits for whoever reads the log; a
   * warning that comes again and again once a minute, with a count; and not more lines than there
   * may be: for daemons. What is logged before is written at once.
   *
   * @param lineLimit the parameter postern_log_line_limit
   * @return says what is still to be said, before the end
   */
  public static Runnable daemon(int lineLimit) {
    Logger log = LoggerFactory.getLogger(RepeatLimit.class);
    RepeatLimit limit =
        new RepeatLimit(
            System::nanoTime,
            new LineRate(System::nanoTime, lineLimit),
            line -> log.info("{}", line));
    queue()
        .ifPresent(queue -> {
          queue.addFilter(limit);
          queue.start(limit::sweep);
          Runtime.getRuntime().addShutdownHook(new Thread(LogSetup::flush, "last-lines"));
        });
    return limit::sweepAll;
  }

  /** Waits until what was logged is written, but not for long: before the process ends. */
  public static void flush() {
    queue().ifPresent(queue -> queue.flush(LAST_LINES));
  }

  /** Writes each event as one line of JSON to standard error. */
  public static void json() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      JsonEncoder encoder =
          new JsonEncoder() {
            @Override
            public byte[] encode(ILoggingEvent event) {
              return Secrets.hidden(new String(super.encode(event), UTF_8)).getBytes(UTF_8);
            }
          };
      encoder.setContext(context);
      encoder.setWithSequenceNumber(false);
      encoder.setWithNanoseconds(false);
      encoder.setWithContext(false);
      encoder.setWithMarkers(false);
      encoder.setWithMDC(false);
      encoder.setWithMessage(false);
      encoder.setWithArguments(false);
      encoder.setWithFormattedMessage(true);
      encoder.start();
      ConsoleAppender<ILoggingEvent> standardError = new ConsoleAppender<>();
      standardError.setTarget("System.err");
      standardError.setEncoder(encoder);
      replaceAppender(standardError);
    }
  }

  private static void setLevels(LoggerContext context, int verbosity) {
    Level level =
        switch (verbosity) {
          case 0 -> Level.INFO;
          case 1 -> Level.DEBUG;
          default -> Level.TRACE;
        };
    context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(level);
    // What PF4J says matters only when a plugin's maker asks for it; operators get PluginProblem.
    context.getLogger("org.pf4j").setLevel(verbosity == 0 ? Level.OFF : Level.DEBUG);
    // The JDK has a stack trace for each program that is run.
    context.getLogger("java.lang").setLevel(Level.INFO);
    // What its pools say, the drivers say in Postfix's words.
    context.getLogger("com.zaxxer.hikari").setLevel(verbosity < 2 ? Level.OFF : Level.DEBUG);
  }
}
