package dev.portcullis.operator.envoytest;

import static org.awaitility.Awaitility.await;

import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A running Envoy; closing it ends the process. */
public final class EnvoyProcess implements AutoCloseable {

  private static final Duration START = Duration.ofSeconds(30);
  private static final Duration ADMIN = Duration.ofSeconds(10);

  private final Path home;
  private final Process process;
  private final HttpClient admin = HttpClient.newHttpClient();

  private EnvoyProcess(Path home, Process process) {
    this.home = home;
    this.process = process;
  }

  /**
   * Starts Envoy with a bootstrap, whose admin interface this sets, and waits until it is live.
   *
   * @param home an empty directory of the test's; gets the bootstrap and both logs
   */
  public static EnvoyProcess start(Path home, Bootstrap.Builder bootstrap, String... options) {
    bootstrap
        .getAdminBuilder()
        .getAddressBuilder()
        .getSocketAddressBuilder()
        .setAddress("127.0.0.1")
        .setPortValue(0);
    var envoy = new EnvoyProcess(home, launch(home, bootstrap.build(), options));
    try {
      await().atMost(START).pollInterval(Duration.ofMillis(20)).until(envoy::isLive);
      return envoy;
    } catch (RuntimeException | Error e) {
      var log = envoy.log();
      envoy.close();
      throw new AssertionError("Envoy did not start:\n" + log, e);
    }
  }

  private static Process launch(Path home, Bootstrap bootstrap, String... options) {
    try {
      var config = Files.write(home.resolve("bootstrap.pb"), bootstrap.toByteArray());
      var command =
          new ArrayList<>(List.of(EnvoyBinary.path().toString(), "-c", config.toString()));
      command.addAll(List.of("--admin-address-path", home.resolve("admin").toString()));
      command.addAll(List.of("--use-dynamic-base-id", "--concurrency", "2"));
      command.addAll(List.of("--file-flush-interval-msec", "20", "-l", "warning"));
      command.addAll(List.of(options));
      return new ProcessBuilder(command)
          .redirectOutput(home.resolve("stdout.log").toFile())
          .redirectError(home.resolve("stderr.log").toFile())
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lines of standard output: the access logs, one JSON object each. */
  public List<String> accessLog() {
    try {
      return Files.readAllLines(home.resolve("stdout.log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Envoy's own log so far. */
  public String log() {
    try {
      return Files.readString(home.resolve("stderr.log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A counter or gauge by its full name; 0 while Envoy has none of that name. */
  public long stat(String name) {
    return get("/stats?usedonly=false&filter=^" + name.replace(".", "\\.") + "$")
        .lines()
        .map(line -> line.substring(line.lastIndexOf(' ') + 1))
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElse(0);
  }

  /** Time of processors that it has used since its start, in steps of 10 ms. */
  public Duration cpu() {
    return process.toHandle().info().totalCpuDuration().orElseThrow();
  }

  /** Answer of the admin interface. */
  public String get(String pathAndQuery) {
    return admin("GET", pathAndQuery);
  }

  /** Answer of the admin interface to a request that changes something. */
  public String post(String pathAndQuery) {
    return admin("POST", pathAndQuery);
  }

  private String admin(String method, String pathAndQuery) {
    try {
      var address = Files.readString(home.resolve("admin")).strip();
      var target = "http://" + address + pathAndQuery.replace("^", "%5E").replace("\\", "%5C");
      var request =
          HttpRequest.newBuilder(URI.create(target))
              .timeout(ADMIN)
              .method(method, HttpRequest.BodyPublishers.noBody())
              .build();
      return admin.send(request, BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private boolean isLive() {
    if (!process.isAlive()) {
      throw new IllegalStateException("Envoy ended with " + process.exitValue());
    }
    try {
      return Files.size(home.resolve("admin")) > 0 && get("/ready").startsWith("LIVE");
    } catch (IOException | UncheckedIOException _) {
      return false;
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
    admin.close();
  }
}
