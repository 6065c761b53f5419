package org.postern.config;

import static org.postern.config.PosternParameter.Type.ADDRESS;
import static org.postern.config.PosternParameter.Type.BOOLEAN;
import static org.postern.config.PosternParameter.Type.INTEGER;
import static org.postern.config.PosternParameter.Type.LEVEL;
import static org.postern.config.PosternParameter.Type.PATH;
import static org.postern.config.PosternParameter.Type.SIZE;
import static org.postern.config.PosternParameter.Type.TIME;
import static org.postern.config.PosternParameter.Type.WORDS;

import java.util.List;
import java.util.Optional;

/**
 * Every parameter that only Postern has: the one list from which values are checked, the sample
 * {@code postern.cf} is made, and against which {@code docs/parameters.md} is tested.
 */
public final class PosternParameters {

  private static final List<PosternParameter> ALL =
      List.of(
          new PosternParameter(
              "postern_proxymap_socket",
              PATH,
              "private/postern-proxymap",
              0,
              "The socket of the read-only service, relative to queue_directory.",
              """
              Postfix finds it with "proxymap_service_name = postern-proxymap" in main.cf. \
              An empty value turns the service off.\
              """),
          new PosternParameter(
              "postern_proxywrite_socket",
              PATH,
              "private/postern-proxywrite",
              0,
              "The socket of the read-write service, relative to queue_directory.",
              """
              Postfix finds it with "proxywrite_service_name = postern-proxywrite" in main.cf. \
              An empty value turns the service off.\
              """),
          new PosternParameter(
              "postern_admin_socket",
              PATH,
              "postern/admin",
              0,
              "The socket at which operators are answered, relative to data_directory.",
              """
              For postern status, top, explain, reload and log-level. Its directory is made with \
              mode 0700, for root and the user that Postern runs as. A child of master(8) adds \
              - and the name of its service. An empty value turns it off.\
              """),
          new PosternParameter(
              "postern_plugin_directory",
              PATH,
              "",
              0,
              "Where plugins of vendors are; empty: nowhere.",
              """
              They are added to those of the installation. The folder, all in it and all that it \
              is in must belong to root or to the user that Postern runs as, and nobody else may \
              be able to write there.\
              """),
          new PosternParameter(
              "postern_plugin_override_maptypes",
              WORDS,
              "",
              0,
              "Which built-in table types a plugin of a vendor may serve instead.",
              "Without it, a plugin that brings a built-in type does not get it."),
          new PosternParameter(
              "postern_announce_protocol",
              BOOLEAN,
              "yes",
              0,
              "Whether to greet each client with the name of the protocol.",
              """
              Postfix 3.6 and later wait for the greeting; earlier releases take it for a broken \
              reply: say no for those.\
              """),
          new PosternParameter(
              "postern_attribute_size_limit",
              SIZE,
              "1048576",
              1,
              "The largest name or value in a request.",
              "A client that sends a larger one is disconnected, with a line in the log."),
          new PosternParameter(
              "postern_request_size_limit",
              SIZE,
              "4194304",
              1,
              "The largest request, with all its attributes.",
              "A client that sends a larger one is disconnected, with a line in the log."),
          new PosternParameter(
              "postern_request_timeout",
              TIME,
              "10s",
              1,
              "How long the rest of a started request may take to arrive.",
              """
              After that the client is disconnected, with a line in the log. How long a client \
              may stay without sending anything is ipc_timeout.\
              """),
          new PosternParameter(
              "postern_unread_reply_limit",
              SIZE,
              "8388608",
              1,
              "How many bytes of replies may wait for a client that does not read them.",
              "Over it the client is disconnected, with a line in the log."),
          new PosternParameter(
              "postern_client_memory_limit",
              SIZE,
              "67108864",
              1048576,
              "How many bytes may be held for all clients together.",
              """
              Those of requests that have not arrived as a whole or wait for a backend, and of \
              replies that have not been read. Over it, the clients that hold most are \
              disconnected, with a line in the log. One that holds less than 4096 bytes is not \
              counted: no process of Postfix holds more.\
              """),
          new PosternParameter(
              "postern_connection_limit",
              INTEGER,
              "10000",
              1,
              "How many clients may be connected at once, over both services.",
              """
              Further ones are disconnected at once, with a line in the log. Each Postfix process \
              that uses a proxied table holds one connection to each service. The limit on open \
              files (ulimit -n, LimitNOFILE=) must be higher.\
              """),
          new PosternParameter(
              "postern_event_loops",
              INTEGER,
              "1",
              1,
              "How many threads read requests and answer from memory.",
              """
              One answers some hundred thousand lookups a second. More make sense when one \
              processor core is always busy with it.\
              """),
          new PosternParameter(
              "postern_backend_queue_limit",
              INTEGER,
              "1000",
              1,
              "How many lookups may wait for one backend: a database, a directory, a name service.",
              "Further ones are answered RETRY at once: Postfix defers the mail."),
          new PosternParameter(
              "postern_pool_size",
              INTEGER,
              "8",
              1,
              "How many connections to one server of a database or directory there may be.",
              """
              Tables whose connection parameters are equal share them. As many lookups are under \
              way at once; further ones wait in the queue.\
              """),
          new PosternParameter(
              "postern_lookup_timeout",
              TIME,
              "10s",
              1,
              "How long a lookup may take, the wait for its backend included.",
              """
              After that it is answered RETRY: Postfix defers the mail. The backend's own \
              time limits should be shorter.\
              """),
          new PosternParameter(
              "postern_given_up_limit",
              INTEGER,
              "100",
              0,
              "How many calls of one backend may hang, and have other workers in their place.",
              """
              A lookup that is still under way after postern_lookup_timeout is interrupted, and \
              given up when that does not end it. Over this limit the tables of that backend \
              answer RETRY until a call comes back. postern status shows how many there are.\
              """),
          new PosternParameter(
              "postern_log_json",
              BOOLEAN,
              "no",
              0,
              "Whether \"postern serve\" writes its log as JSON, one object in each line.",
              """
              With the fields timestamp (milliseconds since 1970), level, threadName, loggerName, \
              formattedMessage and, of an internal error, throwable. Under master(8) the log is \
              Postfix's, and has its form.\
              """),
          new PosternParameter(
              "postern_log_line_limit",
              INTEGER,
              "500",
              10,
              "How many lines of one kind may be logged in a minute.",
              """
              Further ones are counted, and the count is logged. A kind is what one part of \
              Postern has to say; all together may log four times as much. Errors that end \
              Postern, and what -v adds, are not limited. A line is cut at 2000 bytes, as in \
              Postfix.\
              """),
          new PosternParameter(
              "postern_slow_lookup_time",
              TIME,
              "1s",
              0,
              "From how long on a lookup that waits for its backend is logged; 0: never.",
              """
              A line with the table, the backend and the time, once a minute for each table; later \
              ones are counted. The key is not in it.\
              """),
          new PosternParameter(
              "postern_http_listen",
              ADDRESS,
              "",
              0,
              "Where to show the status page and metrics over HTTP; empty: nowhere.",
              """
              For example 127.0.0.1:9798, or [::1]:9798. Whoever can connect sees the names of \
              tables, of servers, and what goes wrong, but no keys or values. Where it cannot \
              listen, a warning says so, and mail goes on. Under master(8) only the proxymap \
              service listens there; give the proxywrite service an address of its own with \
              "-o postern_http_listen=host:port" in master.cf.\
              """),
          new PosternParameter(
              "postern_drain_timeout",
              TIME,
              "10s",
              0,
              "How long the daemon finishes requests in hand after SIGTERM.",
              "Requests that take longer go without an answer; Postfix tries again."),
          new PosternParameter(
              "postern_berkeleydb_memory_limit",
              SIZE,
              "268435456",
              1,
              "The largest hash, btree or cdb file that is held in memory.",
              "Larger ones are read from disk at each lookup, which is slower."),
          new PosternParameter(
              "postern_non_bdb_migration_level",
              LEVEL,
              "",
              0,
              "Whether hash and btree tables are served from other types; empty: as Postfix does.",
              """
              disable, enable-redirect or enable-reindex, as Postfix 3.11 and later have it in \
              non_bdb_migration_level, whose value counts where this one is empty. With the latter two, hash:/file is served from \
              $default_database_type:/file, and btree:/file from $default_cache_db_type:/file, \
              unless non_bdb_custom_mapping says otherwise; approval goes by the name that was \
              asked for. For the same with an earlier Postfix, set this parameter and these three \
              in postern.cf. Postern does not make a file that is missing: requests get RETRY, \
              and the log has the command to run.\
              """));

  private PosternParameters() {}

  /** All of them, in the order of the documentation. */
  public static List<PosternParameter> all() {
    return ALL;
  }

  /** The parameter of this name. */
  public static Optional<PosternParameter> named(String name) {
    return ALL.stream().filter(parameter -> parameter.name().equals(name)).findFirst();
  }

  /** A {@code postern.cf} that sets nothing: every parameter with its default, commented out. */
  public static String sampleFile() {
    return SampleFile.of(ALL);
  }
}
