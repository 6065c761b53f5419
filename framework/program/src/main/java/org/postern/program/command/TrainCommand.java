package org.postern.program.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.postern.config.Configuration;
import org.postern.config.ConfigurationException;
import org.postern.host.approval.Approved;
import org.postern.host.approval.Service;
import org.postern.host.approval.TableApproval;
import org.postern.host.service.Explained;
import org.postern.operations.admin.AdminClient;
import org.postern.operations.admin.AdminException;
import org.postern.operations.admin.AdminRequest;
import org.postern.operations.admin.AdminServer;
import org.postern.operations.admin.AdminSocket;
import org.postern.operations.client.ProxymapClient;
import org.postern.operations.client.TableClient;
import org.postern.operations.client.TableException;
import org.postern.operations.status.StatusReport;
import org.postern.platform.libc.FileCreation;
import org.postern.program.daemon.Preload;
import org.postern.program.log.LogSetup;
import org.postern.program.master.MasterLog;
import org.postern.spi.TableFlags;
import picocli.CommandLine.Command;

/**
 * {@code postern train}: the work from which the build makes the AOT cache. What is loaded and
 * linked here is there at every later start.
 */
@Command(
    name = "train",
    description = "Serves as it would in life, for a moment, and ends.",
    hidden = true,
    mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** So often is each thing done: pages of written tables are split then, and items removed. */
  private static final int OFTEN = 2000;

  private static final List<String> WRITTEN = List.of("btree", "hash");
  private static final int FLAGS = TableFlags.LOCK | TableFlags.DUP_REPLACE;

  @Override
  public Integer call() throws IOException {
    String written = "$queue_directory/written-";
    StringBuilder approved = new StringBuilder();
    WRITTEN.forEach(type -> approved.append(" proxy:" + type + ":" + written + type));
    int umask = FileCreation.umask(FileCreation.PRIVATE);
    try (SampleDatabases databases = beginDatabases();
        SampleServer server =
            SampleServer.start(
                Map.of(
                    "postern_proxywrite_socket",
                    "proxywrite",
                    "proxy_write_maps",
                    approved.toString(),
                    "demo_databases",
                    databases == null ? "" : databases.tables()))) {
      read(server, table -> databases == null || !databases.areAskedBy(table));
      write(server.sockets().getLast(), server.configuration());
      if (databases != null) {
        readDatabases(server, databases);
      }
      // Asks for the first table that there is, which may be a database's.
      operate(server);
      return server.problems().isEmpty() ? serve(server.samples()) : Postern.FAILURE;
    } finally {
      // The AOT cache is written when this process ends, and is for everybody.
      int _ = FileCreation.umask(umask);
    }
  }

  /** Null where a build cannot have them: then nothing of databases is in the cache. */
  private static @Nullable SampleDatabases beginDatabases() {
    try {
      return SampleDatabases.begin();
    } catch (IOException | ConfigurationException e) {
      complain("without databases: " + e.getMessage());
      return null;
    }
  }

  private static void readDatabases(SampleServer server, SampleDatabases databases)
      throws IOException {
    try {
      // They have been starting while the tables in files were read and written.
      databases.await();
    } catch (IOException e) {
      complain("without databases: " + e.getMessage());
      return;
    }
    read(server, databases::areAskedBy);
  }

  private static void complain(String what) {
    System.err.println("postern train: " + what);
  }

  /** The daemon itself, from its arguments to the signal that ends it. */
  private static int serve(Path samples) throws IOException {
    Preload.beside();
    Path directory = Files.createTempDirectory("postern-train-");
    Path socket = directory.resolve("proxymap");
    Thread asking = Thread.ofPlatform().start(() -> askAndEnd(socket, samples));
    int status =
        Postern.commandLine(ServeCommand.NAME)
            .execute(
                ServeCommand.NAME,
                "-c",
                samples.toString(),
                "-o",
                "queue_directory=" + directory,
                "-o",
                "data_directory=" + directory,
                "-o",
                "postern_proxymap_socket=" + socket,
                "-o",
                "postern_proxywrite_socket=",
                "-o",
                "mail_owner=" + System.getProperty("user.name"));
    asking.interrupt();
    SampleServer.remove(directory);
    serveAsChild(samples);
    return status;
  }

  /** A child of master(8), up to where it finds that it has none of master's sockets. */
  private static void serveAsChild(Path samples) {
    ProxymapCommand.commandLine(samples)
        .execute("-V", "-n", Service.PROXYMAP.serviceName(), "-t", "unix");
    // The log of the machine that builds is opened as a child's is, and gets no line.
    LogSetup.quiet();
    new MasterLog(Map.of(), null).open();
  }

  private static void askAndEnd(Path socket, Path samples) {
    String table = "btree:" + samples.resolve("canonical");
    try {
      while (!Files.exists(socket)) {
        Thread.sleep(Duration.ofMillis(10));
      }
      try (ProxymapClient server = ProxymapClient.connect(socket, TIMEOUT)) {
        lookUp(server, table, "alice");
      } finally {
        int _ = new ProcessBuilder("/bin/sh", "-c", "kill -TERM $PPID").start().waitFor();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // there is no server
    }
  }

  /** As {@code postern status} and {@code postern explain} do it. */
  private static void operate(SampleServer server) throws IOException {
    Optional<AdminServer> answering = server.answerOperators();
    try {
      for (Path socket : AdminSocket.places(server.configuration())) {
        if (Files.exists(socket)) {
          String status = AdminClient.ask(socket, AdminRequest.of("status"));
          StatusReport report = AdminClient.read(StatusReport.class, status);
          new StatusTables(List.of(report), List.of()).tables();
          String table = report.tables().getFirst().table();
          AdminClient.read(
              Explained.class,
              AdminClient.ask(
                  socket, AdminRequest.explain(Service.PROXYMAP, table, "alice", false)));
        }
      }
    } catch (AdminException e) {
      throw new IOException(e.getMessage(), e);
    } finally {
      answering.ifPresent(AdminServer::close);
    }
  }

  private static void read(SampleServer server, Predicate<String> tables) throws IOException {
    List<String> queries = Files.readAllLines(server.samples().resolve("queries"));
    try (ProxymapClient client = ProxymapClient.connect(server.sockets().getFirst(), TIMEOUT)) {
      List<String> approved =
          TableApproval.of(server.configuration(), Service.PROXYMAP).tables().stream()
              .map(Approved::typeAndName)
              .filter(tables)
              .toList();
      for (String table : approved) {
        String type = table.substring(0, table.indexOf(':'));
        for (String query : queries) {
          String[] typeAndKey = query.split(" ", 2);
          if (type.equals(typeAndKey[0])) {
            lookUp(client, table, typeAndKey[1]);
          }
        }
      }
    }
  }

  private static void lookUp(ProxymapClient server, String table, String key) throws IOException {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    try {
      TableClient client = TableClient.open(server, table, TableClient.DEFAULT_FLAGS);
      for (int i = 0; i < OFTEN; i++) {
        client.lookup(bytes);
      }
    } catch (TableException e) {
      // A table that fails is a part of life too.
      complain(String.valueOf(e.getMessage()));
    }
  }

  private static void write(Path socket, Configuration configuration) throws IOException {
    try (ProxymapClient server = ProxymapClient.connect(socket, TIMEOUT)) {
      for (Approved approved : TableApproval.of(configuration, Service.PROXYWRITE).tables()) {
        String table = approved.typeAndName();
        server.open(table, FLAGS);
        for (int i = 0; i < OFTEN; i++) {
          server.update(table, FLAGS, FLAGS, "user" + i % 500 + "@example.com", "value" + i);
          server.lookup(table, FLAGS, FLAGS, "user" + i % 400 + "@example.com");
          if (i % 10 == 0) {
            server.delete(table, FLAGS, FLAGS, "user" + i % 500 + "@example.com");
          }
        }
      }
    }
  }
}
