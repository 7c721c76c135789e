package dev.portcullis.operator.whole;

import static dev.portcullis.bootstrap.contract.SidecarPorts.CAPTURE;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * What a pod is to its programs: files of its own at the paths of the contract, and a network
 * namespace joined to this one by a pair of devices.
 */
final class Sandbox implements AutoCloseable {

  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final long PID = ProcessHandle.current().pid() % 10_000;

  /**
   * Private mounts: the contract's paths lead to this sandbox's directories; nft reads one file.
   */
  private static final String MOUNTS =
      """
      cp /etc/protocols "$0/protocols.$$" && mount -t tmpfs tmpfs /etc &&
      mv "$0/protocols.$$" /etc/protocols && mount -t tmpfs tmpfs /run &&
      mkdir -p /etc/portcullis /run/portcullis &&
      mount --bind "$0/config" /etc/portcullis && mount --bind "$0/run" /run/portcullis &&
      exec "$@"
      """;

  private final Path home;
  private final int number = NUMBER.incrementAndGet();
  private final String name = "whole-%d-%d".formatted(PID, number);
  private final List<Process> processes = new ArrayList<>();
  private final Map<Process, String> logs = new HashMap<>();
  private final boolean networked;

  private Sandbox(Path home, boolean networked) {
    this.home = home;
    this.networked = networked;
    try {
      for (var directory : List.of("config", "run/identity", "run/trust", "run/token")) {
        Files.createDirectories(home.resolve(directory));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether this machine lets us. */
  static boolean possible() {
    return possible("nft list ruleset");
  }

  /** Whether it lets us start pods that redirect nothing. */
  static boolean possibleWithoutCapture() {
    return possible("true");
  }

  private static boolean possible(String inside) {
    var trial = "whole-trial-" + PID;
    if (!Shell.succeeds("ip", "netns", "add", trial)) {
      return false;
    }
    try {
      return Shell.succeeds(
          "ip",
          "netns",
          "exec",
          trial,
          "unshare",
          "-m",
          "sh",
          "-c",
          "mount -t tmpfs tmpfs /run && " + inside);
    } finally {
      Shell.run("ip", "netns", "delete", trial);
    }
  }

  /** With a network of its own. */
  static Sandbox pod(Path home) {
    var sandbox = new Sandbox(home, true);
    var outside = "whl" + PID + "x" + sandbox.number;
    Shell.run("ip", "netns", "add", sandbox.name);
    Shell.run(
        "ip",
        "link",
        "add",
        outside,
        "type",
        "veth",
        "peer",
        "name",
        "eth0",
        "netns",
        sandbox.name);
    Shell.run("ip", "address", "add", sandbox.hostAddress() + "/30", "dev", outside);
    Shell.run("ip", "link", "set", outside, "up");
    sandbox.inNetwork("ip", "address", "add", sandbox.address() + "/30", "dev", "eth0");
    sandbox.inNetwork("ip", "link", "set", "eth0", "up");
    sandbox.inNetwork("ip", "link", "set", "lo", "up");
    return sandbox;
  }

  /** In this machine's network, as a container beside this process. */
  static Sandbox beside(Path home) {
    return new Sandbox(home, false);
  }

  /** Its address, seen from here. */
  String address() {
    return subnet() + (base() + 2);
  }

  /** Our address, seen from there. */
  String hostAddress() {
    return subnet() + (base() + 1);
  }

  Path config(String file) {
    return home.resolve("config").resolve(file);
  }

  String read(String directory, String file) {
    try {
      return Files.readString(home.resolve("run").resolve(directory).resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void write(String directory, String file, String content) {
    try {
      var fresh = home.resolve("run").resolve(directory).resolve(file + ".new");
      Files.writeString(fresh, content);
      Files.move(fresh, fresh.resolveSibling(file), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs the real init step to its end. */
  void initialise(String command, Map<String, String> variables) {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var process =
        start(
            "init",
            variables,
            List.of(
                java,
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.portcullis.bootstrap.Main",
                command));
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new AssertionError("The init step failed: " + log("init"));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Runs an application that listens to the network on this port. */
  void serveFiles(int port) {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var arguments = List.of("-m", "jdk.httpserver", "-b", address(), "-p", String.valueOf(port));
    start("app", Map.of(), Stream.concat(Stream.of(java), arguments.stream()).toList());
    await().atMost(Duration.ofSeconds(60)).until(() -> log("app").contains("port " + port));
  }

  /** Runs an application on loopback that answers each path with a text. */
  void serveOnLoopback(int port, Map<String, String> texts) {
    var files = home.resolve("www");
    try {
      Files.createDirectories(files);
      for (var text : texts.entrySet()) {
        Files.writeString(files.resolve(text.getKey()), text.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start(
        "app", Map.of(), java("-m", "jdk.httpserver", "-b", "127.0.0.1", "-p", port, "-d", files));
    await().atMost(Duration.ofSeconds(60)).until(() -> log("app").contains("port " + port));
  }

  /** Runs a class of the tests; what it prints goes to a log of that name. */
  void runJava(String log, String main, String argument) {
    start(log, Map.of(), java("-cp", System.getProperty("java.class.path"), main, argument));
  }

  private static List<String> java(Object... arguments) {
    var java = Path.of(System.getProperty("java.home"), "bin", "java");
    return Stream.concat(Stream.of(java, "-XX:TieredStopAtLevel=1"), Stream.of(arguments))
        .map(Object::toString)
        .toList();
  }

  /** Ends the program with that log. */
  void end(String log) {
    processes.stream()
        .filter(process -> log.equals(logs.get(process)))
        .forEach(
            process -> {
              process.descendants().forEach(ProcessHandle::destroy);
              process.destroy();
            });
  }

  /** A cable between two pods. */
  void join(Sandbox other) {
    var here = "j%dx%dx%d".formatted(PID, number, other.number);
    var there = "k%dx%dx%d".formatted(PID, number, other.number);
    Shell.run(
        "ip",
        "link",
        "add",
        here,
        "netns",
        name,
        "type",
        "veth",
        "peer",
        "name",
        there,
        "netns",
        other.name);
    leadTo(other, here);
    other.leadTo(this, there);
  }

  private void leadTo(Sandbox other, String device) {
    inNetwork("ip", "link", "set", device, "up");
    // A redirect leads to the address of the device that a packet came in by.
    inNetwork("ip", "address", "add", address() + "/32", "dev", device);
    inNetwork("ip", "route", "add", other.address() + "/32", "dev", device, "src", address());
  }

  /** Undoes what the init step set up, but for this port. */
  void redirectOnly(int port) {
    inNetwork("nft", "flush ruleset");
    inNetwork("nft", "add table ip t");
    inNetwork("nft", "add chain ip t in { type nat hook prerouting priority dstnat; }");
    inNetwork("nft", "add rule ip t in tcp dport " + port + " redirect to :" + CAPTURE);
  }

  /** Lets nothing in over UDP on this port. */
  void dropUdp(int port) {
    inNetwork("nft", "add table ip u");
    inNetwork("nft", "add chain ip u in { type filter hook input priority 0; }");
    inNetwork("nft", "add rule ip u in udp dport " + port + " drop");
  }

  /** Starts a program inside; its output goes to a log of that name. */
  Process start(String log, Map<String, String> variables, List<String> command) {
    var whole = new ArrayList<String>();
    if (networked) {
      whole.addAll(List.of("ip", "netns", "exec", name));
    }
    whole.addAll(List.of("unshare", "-m", "sh", "-c", MOUNTS, home.toString()));
    whole.addAll(command);
    try {
      var builder = new ProcessBuilder(whole).redirectErrorStream(true);
      builder.environment().putAll(variables);
      var process = builder.redirectOutput(home.resolve(log + ".log").toFile()).start();
      processes.addFirst(process);
      logs.put(process, log);
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String log(String log) {
    try {
      return Files.readString(home.resolve(log + ".log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    for (var process : processes) {
      process.destroy();
      try {
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    if (networked) {
      Shell.run("ip", "netns", "delete", name);
    }
  }

  private void inNetwork(String... command) {
    var whole = new ArrayList<>(List.of("ip", "netns", "exec", name));
    whole.addAll(List.of(command));
    Shell.run(whole.toArray(String[]::new));
  }

  private String subnet() {
    return "10.%d.%d.".formatted(200 + PID % 50, PID / 50 % 250);
  }

  private int base() {
    return (number - 1) % 60 * 4;
  }
}
