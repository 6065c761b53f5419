package org.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.postern.testkit.Prerequisite;

/**
 * A Debian in a folder, as debootstrap(8) makes it from the mirror of this machine. What was
 * fetched once is kept beside the build's other results, and each test has a copy.
 */
final class DebianRoot implements AutoCloseable {
  private static final Path DEBOOTSTRAP = Path.of("/usr/sbin/debootstrap");
  private static final long DEADLINE_MINUTES = 15;

  /** In namespaces of its own: no mount, port or process stays when the command has ended. */
  private static final List<String> APART =
      List.of("unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-ec");

  private static final String ENTER =
      """
      mount -t proc proc "$0/proc"
      exec chroot "$0" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive "$@"
      """;

  private final Path root;

  private DebianRoot(Path root) {
    this.root = root;
  }

  /** Skips a test where there can be none, or fails it with {@code -Dpostfix.required=true}. */
  static void mustBePossible() {
    if (!Boolean.getBoolean("postern.debian")) {
      skip("a Debian of its own takes five minutes: mvn verify -Pthorough");
    }
    Prerequisite.DEBIAN_IN_A_FOLDER.mustBeHere();
    Prerequisite.ROOT.mustBeHere();
    isolated();
  }

  /** Skips a test where even root may not isolate a process: in some containers. */
  private static void isolated() {
    try {
      execute(List.of("unshare", "--mount", "--pid", "--fork", "true"));
    } catch (Exception | AssertionError e) {
      skip("processes cannot be isolated here: " + e.getMessage());
    }
  }

  private static void skip(String why) {
    Assumptions.abort(why);
  }

  /** Gets something from the mirror. Skips a test that cannot. */
  private static void fetch(Callable<?> fetching) {
    try {
      fetching.call();
    } catch (Exception | AssertionError e) {
      skip("no Debian can be had here: " + e.getMessage());
    }
  }

  /** With what every Debian has, and nothing else. */
  static DebianRoot minimal() throws Exception {
    return new DebianRoot(fetched()).copy(kept("debian-in-use"));
  }

  /** With Postfix as Debian configures it. */
  static DebianRoot withPostfix() throws Exception {
    return new DebianRoot(postfix()).copy(kept("debian-in-use"));
  }

  /** With Postfix, and systemd to {@link BootedDebian boot} it. */
  static DebianRoot withSystemd() throws Exception {
    return new DebianRoot(more(postfix(), "systemd", "systemd-sysv", "dbus"))
        .copy(kept("debian-in-use"));
  }

  private static Path postfix() throws Exception {
    return more(fetched(), "postfix");
  }

  /** With more packages than another one has. */
  private static Path more(Path base, String... packages) throws Exception {
    Path kept = kept(base.getFileName() + "-" + packages[0]);
    if (!Files.isDirectory(kept)) {
      DebianRoot made = new DebianRoot(base).copy(kept(kept.getFileName() + ".new"));
      Files.writeString(
          made.root.resolve("etc/resolv.conf"), Files.readString(Path.of("/etc/resolv.conf")));
      List<String> install = List.of("apt-get", "install", "-y", "--no-install-recommends");
      fetch(() -> made.run("apt-get", "update"));
      fetch(() ->
          made.run(Stream.concat(install.stream(), Stream.of(packages)).toArray(String[]::new)));
      Files.move(made.root, kept);
    }
    return kept;
  }

  private static Path fetched() throws Exception {
    Path kept = kept("debootstrap");
    if (!Files.isDirectory(kept)) {
      Path made = emptied(kept("debootstrap.new"));
      List<String> mirror = mirror();
      fetch(() ->
          execute(
              List.of(
                  DEBOOTSTRAP.toString(),
                  "--variant=minbase",
                  mirror.getLast(),
                  made.toString(),
                  mirror.getFirst())));
      Files.move(made, kept);
    }
    return kept;
  }

  /** The first address and release that this machine has packages from: its Debian's own. */
  private static List<String> mirror() throws Exception {
    String release =
        execute(List.of("sh", "-c", ". /etc/os-release; echo \"$VERSION_CODENAME\"")).strip();
    String format = "--format=$(REPO_URI) $(CODENAME) $(COMPONENT)";
    return execute(List.of("apt-get", "indextargets", format, "Created-By: Packages"))
        .lines()
        .map(line -> List.of(line.split(" ", -1)))
        .filter(line -> line.subList(1, 3).equals(List.of(release, "main")))
        .map(line -> line.subList(0, 2))
        .findFirst()
        .orElseThrow(() -> new IOException("apt knows no mirror of " + release));
  }

  private static Path kept(String name) {
    return Path.of("target", name).toAbsolutePath();
  }

  private DebianRoot copy(Path directory) throws Exception {
    execute(List.of("cp", "-a", root + "/.", emptied(directory).toString()));
    return new DebianRoot(directory);
  }

  private static Path emptied(Path directory) throws Exception {
    execute(List.of("rm", "-rf", directory.toString()));
    return Files.createDirectories(directory);
  }

  Path path() {
    return root;
  }

  /** What is there in place of this path. */
  Path resolve(String path) {
    return root.resolve(path.substring(1));
  }

  /** Runs a command in it, which must succeed; what it prints. */
  String run(String... command) throws Exception {
    List<String> all = new ArrayList<>(APART);
    all.add(ENTER);
    all.add(root.toString());
    all.addAll(List.of(command));
    return execute(all);
  }

  /** All files but those that come and go with commands. */
  Set<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .map(file -> root.relativize(file).toString())
          .filter(file -> !file.startsWith("proc/") && !file.startsWith("tmp/"))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  @Override
  public void close() throws IOException {
    new ProcessBuilder("rm", "-rf", root.toString()).start().onExit().join();
  }

  /** Runs a command that must succeed; what it prints, errors included. */
  static String execute(List<String> command) throws Exception {
    Path out = Files.createTempFile("out", "");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(out.toFile())
              .start();
      if (!process.waitFor(DEADLINE_MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly();
      }
      int status = process.waitFor();
      String printed = Files.readString(out, StandardCharsets.ISO_8859_1);
      assertThat(status).as("%s printed:%n%s", command, printed).isZero();
      return printed;
    } finally {
      Files.delete(out);
    }
  }
}
