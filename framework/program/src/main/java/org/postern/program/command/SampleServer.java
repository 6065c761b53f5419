package org.postern.program.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.postern.config.Configuration;
import org.postern.config.ConfigurationException;
import org.postern.loader.PluginProblem;
import org.postern.loader.Plugins;
import org.postern.operations.admin.AdminServer;
import org.postern.operations.admin.AdminSocket;
import org.postern.program.daemon.Administration;
import org.postern.program.daemon.Daemon;
import org.postern.program.daemon.Reloading;

/** A server on the sample tables of the installation, with its sockets in a new directory. */
final class SampleServer implements AutoCloseable {
  private final Path samples;
  private final Path directory;
  private final Configuration configuration;
  private final Plugins plugins;
  private final Daemon daemon;

  private SampleServer(
      Path samples, Path directory, Configuration configuration, Plugins plugins, Daemon daemon) {
    this.samples = samples;
    this.directory = directory;
    this.configuration = configuration;
    this.plugins = plugins;
    this.daemon = daemon;
  }

  /**
   * Starts it.
   *
   * @param parameters in place of those in the samples' main.cf
   */
  static SampleServer start(Map<String, String> parameters) throws IOException {
    Path directory = Files.createTempDirectory("postern-demo-");
    Path samples = nameable(find(), directory);
    Map<String, String> changed = new HashMap<>(parameters);
    changed.put("queue_directory", directory.toString());
    changed.put("data_directory", directory.toString());
    changed.put("postern_proxymap_socket", "proxymap");
    changed.putIfAbsent("postern_proxywrite_socket", "");
    Configuration configuration = Configuration.read(samples, changed);
    Plugins plugins = CommonOptions.plugins(configuration);
    Daemon daemon = Daemon.start(configuration, plugins.drivers());
    return new SampleServer(samples, directory, configuration, plugins, daemon);
  }

  private static Path find() {
    String home = System.getProperty("postern.home");
    if (home == null || !Files.isReadable(Path.of(home, "demo", "main.cf"))) {
      throw new ConfigurationException(
          "the sample tables are in demo/ of an installation: run its bin/postern");
    }
    return Path.of(home, "demo");
  }

  /** By a name that can stand in a list of tables, where a space ends the name of each. */
  private static Path nameable(Path samples, Path directory) throws IOException {
    return samples.toString().matches("[\\w/.+-]+")
        ? samples
        : Files.createSymbolicLink(directory.resolve("samples"), samples);
  }

  /** The directory of main.cf and of the tables. */
  Path samples() {
    return samples;
  }

  Configuration configuration() {
    return configuration;
  }

  List<PluginProblem> problems() {
    return plugins.problems();
  }

  /** Of the service proxymap, and then of proxywrite if the parameters ask for it. */
  List<Path> sockets() {
    return daemon.sockets().stream().map(Path::of).toList();
  }

  /** Answers operators too, at the place that the configuration has for that. */
  Optional<AdminServer> answerOperators() {
    Reloading reloading = new Reloading(daemon, configuration, () -> configuration).watching();
    Administration administration = new Administration(daemon, reloading);
    return AdminSocket.of(configuration).map(socket -> AdminServer.start(socket, administration));
  }

  @Override
  public void close() throws IOException {
    try {
      daemon.drain();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    remove(directory);
  }

  /** Removes a directory and the files in it. */
  static void remove(Path directory) throws IOException {
    try (Stream<Path> left = Files.list(directory)) {
      for (Path file : left.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }
}
