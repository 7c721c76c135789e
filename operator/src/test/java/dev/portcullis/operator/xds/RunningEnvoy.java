package dev.portcullis.operator.xds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real Envoy of this test, with its admin interface on a socket in its directory. */
final class RunningEnvoy implements AutoCloseable {

  private static final Path BINARY =
      Path.of(
          System.getenv()
              .getOrDefault(
                  "PORTCULLIS_ENVOY",
                  System.getProperty("user.home") + "/.cache/portcullis/envoy/1.40.0/envoy"));

  private final Process process;
  private final Path admin;
  private final Path log;

  private RunningEnvoy(Process process, Path directory, Path admin) {
    this.process = process;
    this.log = directory.resolve("envoy.log");
    this.admin = admin;
  }

  /** Waits until its admin interface answers, not until it is configured. */
  static RunningEnvoy start(Bootstrap bootstrap, Path directory) {
    var admin = Path.of(bootstrap.getAdmin().getAddress().getPipe().getPath());
    var envoy = new RunningEnvoy(launch(bootstrap, directory), directory, admin);
    try {
      await()
          .atMost(Duration.ofSeconds(30))
          .ignoreExceptionsInstanceOf(IOException.class)
          .failFast("Envoy ended: see " + envoy.log, () -> !envoy.isAlive())
          .until(() -> envoy.get("/server_info").contains("200 OK"));
    } catch (RuntimeException e) {
      envoy.close();
      throw e;
    }
    return envoy;
  }

  private static Process launch(Bootstrap bootstrap, Path directory) {
    var file = directory.resolve("envoy.pb");
    try {
      Files.write(file, bootstrap.toByteArray());
      var command =
          List.of(
              BINARY.toString(),
              "-c",
              file.toString(),
              "--concurrency",
              "2",
              "--file-flush-interval-msec",
              "20",
              "--disable-hot-restart",
              "--drain-time-s",
              "1",
              "--log-level",
              "warning");
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(directory.resolve("envoy.log").toFile())
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException("Envoy 1.40.0 is needed, see docs/testing.md", e);
    }
  }

  /** The answer of the admin interface as it comes, headers and all. */
  String get(String path) throws IOException {
    try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(admin));
      var request = "GET " + path + " HTTP/1.1\r\nHost: admin\r\nConnection: close\r\n\r\n";
      channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
      return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** A counter or gauge; 0 when it is not there. */
  long stat(String name) {
    try {
      return get("/stats?usedonly&filter=^" + name.replace(".", "\\.") + "$")
          .lines()
          .filter(line -> line.startsWith(name + ": "))
          .mapToLong(line -> Long.parseLong(line.substring(name.length() + 2)))
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All that was ever taken or refused, of clusters, listeners and routes. */
  String updates() {
    return List.of(
            "cluster_manager.cds.update_success",
            "cluster_manager.cds.update_rejected",
            "listener_manager.lds.update_success",
            "listener_manager.lds.update_rejected",
            "http.inbound.rds.inbound.update_success",
            "http.inbound.rds.inbound.update_rejected")
        .stream()
        .map(name -> name + "=" + stat(name))
        .toList()
        .toString();
  }

  long residentKib() throws IOException {
    return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  /** Lines of the access log, one JSON object each. */
  List<String> accessLog() throws IOException {
    return Files.readAllLines(log).stream().filter(line -> line.startsWith("{")).toList();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    assertThat(log).exists();
  }
}
