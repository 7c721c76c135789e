package dev.portcullis.bootstrap.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** A network namespace as a pod has one, joined to this one by a pair of devices. */
final class PodNamespace implements AutoCloseable {

  private static final long PID = ProcessHandle.current().pid();
  private static final String NAME = "portcullis-it-" + PID;
  private static final String OUTSIDE = "pit" + PID;
  private static final String SUBNET = "10.231." + PID % 250 + ".";

  /** Where this process is for the pod. */
  static final String HOST_ADDRESS = SUBNET + "1";

  static final String POD_ADDRESS = SUBNET + "2";
  static final String POD_ADDRESS_6 = "fd00:231::2";

  private PodNamespace() {}

  /** Skips the calling test, loudly, where namespaces cannot be made. */
  static PodNamespace create() throws Exception {
    // what an ended run may have left
    succeeds("ip", "link", "delete", OUTSIDE);
    succeeds("ip", "netns", "delete", NAME);
    var possible =
        "root".equals(System.getProperty("user.name"))
            && succeeds("nft", "--version")
            && succeeds("ip", "netns", "add", NAME);
    if (!possible) {
      System.err.println(
          "SKIPPED: the redirect was not tried in a network namespace; it needs root, ip and nft.");
    }
    Assumptions.assumeTrue(possible, "needs root, ip and nft");
    var namespace = new PodNamespace();
    run("ip", "link", "add", OUTSIDE, "type", "veth", "peer", "name", "eth0", "netns", NAME);
    run("ip", "address", "add", HOST_ADDRESS + "/24", "dev", OUTSIDE);
    run("ip", "-6", "address", "add", "fd00:231::1/64", "dev", OUTSIDE, "nodad");
    run("ip", "link", "set", OUTSIDE, "up");
    namespace.inside("ip", "address", "add", POD_ADDRESS + "/24", "dev", "eth0");
    namespace.inside("ip", "-6", "address", "add", POD_ADDRESS_6 + "/64", "dev", "eth0", "nodad");
    namespace.inside("ip", "link", "set", "eth0", "up");
    namespace.inside("ip", "link", "set", "lo", "up");
    return namespace;
  }

  /** Runs a program in the pod to its end; returns what it said. */
  String inside(String... command) throws IOException, InterruptedException {
    return run(inNamespace(List.of(command)).toArray(String[]::new));
  }

  /** Starts a program in the pod; its output goes to the file. */
  Process start(Path log, List<String> command) throws IOException {
    return new ProcessBuilder(inNamespace(command))
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  /** A directory with an {@code nft} that acts on the pod. */
  Path searchPathWithNft(Path directory) throws IOException {
    var nft =
        Files.writeString(
            Files.createDirectories(directory).resolve("nft"),
            "#!/bin/sh\nexec ip netns exec " + NAME + " nft \"$@\"\n");
    if (!nft.toFile().setExecutable(true)) {
      throw new IOException("cannot make " + nft + " executable");
    }
    return directory;
  }

  @Override
  public void close() throws IOException, InterruptedException {
    // With its namespace alone, the device would go at some later time.
    run("ip", "link", "delete", OUTSIDE);
    run("ip", "netns", "delete", NAME);
  }

  private static List<String> inNamespace(List<String> command) {
    var whole = new ArrayList<>(List.of("ip", "netns", "exec", NAME));
    whole.addAll(command);
    return whole;
  }

  private static boolean succeeds(String... command) throws InterruptedException {
    try {
      run(command);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static String run(String... command) throws IOException, InterruptedException {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ": " + said);
    }
    return said;
  }
}
