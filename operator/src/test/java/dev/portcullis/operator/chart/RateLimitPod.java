package dev.portcullis.operator.chart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import dev.portcullis.operator.envoytest.EnvoyBinary;
import dev.portcullis.operator.envoytest.FreePort;
import dev.portcullis.operator.envoytest.TestPki;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the chart's pod of the rate limit service runs, and its store: the real programs with the
 * chart's own configuration, on ports of this machine.
 */
final class RateLimitPod implements AutoCloseable {

  static final String IDENTITY =
      "spiffe://mesh.example/ns/portcullis-system/sa/portcullis-rate-limit";

  private static final String PASSWORD = "of-the-store";

  private final Path home;
  private final Map<String, String> config;
  private final int storePort = FreePort.next();
  private final int servicePort = FreePort.next();
  private final int healthPort = FreePort.next();
  private final int readinessPort = FreePort.next();
  private final int port = FreePort.next();
  private Process store;
  private Process service;
  private Process envoy;

  private RateLimitPod(Path home) {
    this.home = home;
    config =
        Serialization.unmarshal(rendered("templates/ratelimit-config.yaml"), ConfigMap.class)
            .getData();
  }

  /** Whether this machine has the programs. */
  static boolean possible() {
    return program("PORTCULLIS_RATE_LIMIT").isPresent() && program("PORTCULLIS_REDIS").isPresent();
  }

  /**
   * Starts all of it.
   *
   * @param home an empty directory
   * @param authorities whose certificates callers may show; the first signs the service's own
   */
  static RateLimitPod start(Path home, TestPki... authorities) {
    var pod = new RateLimitPod(home);
    try {
      pod.startStore();
      pod.startService();
      pod.startEnvoy(authorities);
      return pod;
    } catch (RuntimeException | Error e) {
      pod.close();
      throw e;
    }
  }

  int port() {
    return port;
  }

  void startStore() {
    store =
        launch(
            "store",
            Map.of(),
            program("PORTCULLIS_REDIS").orElseThrow(),
            List.of(
                "--bind",
                "127.0.0.1",
                "--port",
                String.valueOf(storePort),
                "--save",
                "",
                "--requirepass",
                PASSWORD));
    awaitListening(storePort);
  }

  void killStore() {
    end(store);
  }

  void startService() {
    write("limits/rate-limit/config/limits.yaml", config.get("limits.yaml"));
    service =
        launch("service", environment(), program("PORTCULLIS_RATE_LIMIT").orElseThrow(), List.of());
    awaitListening(servicePort);
  }

  void killService() {
    end(service);
  }

  /** Replaces the roots that callers must chain to, as the kubelet does: by renaming. */
  void trust(TestPki... authorities) {
    var roots = Stream.of(authorities).map(TestPki::trustBundle).collect(Collectors.joining());
    write("new-ca.pem", roots);
    try {
      Files.move(
          home.resolve("new-ca.pem"), home.resolve("run/ca.pem"), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Names of the counts, as whoever reads the store would see them. */
  String stored() {
    try (var socket = new Socket("127.0.0.1", storePort)) {
      socket
          .getOutputStream()
          .write("AUTH %s\r\nKEYS *\r\nQUIT\r\n".formatted(PASSWORD).getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As the chart's container has it, at this machine's places. */
  private Map<String, String> environment() {
    var environment = new HashMap<String, String>();
    container().getEnv().stream()
        .filter(variable -> variable.getValue() != null)
        .forEach(variable -> environment.put(variable.getName(), variable.getValue()));
    environment.put("RUNTIME_ROOT", home.resolve("limits").toString());
    environment.put("GRPC_PORT", String.valueOf(servicePort));
    environment.put("PORT", String.valueOf(healthPort));
    environment.put("DEBUG_PORT", String.valueOf(FreePort.next()));
    environment.put("REDIS_URL", "127.0.0.1:" + storePort);
    environment.put("REDIS_AUTH", PASSWORD);
    return environment;
  }

  private static Container container() {
    return Stream.of(rendered("templates/ratelimit.yaml").split("(?m)^---\n"))
        .filter(document -> document.contains("kind: Deployment"))
        .map(document -> Serialization.unmarshal(document, Deployment.class))
        .map(deployment -> deployment.getSpec().getTemplate().getSpec().getContainers().getFirst())
        .findFirst()
        .orElseThrow();
  }

  private static String rendered(String template) {
    return Helm.template(
        Helm.NAMESPACE,
        "--set",
        "trustDomain=mesh.example,rateLimit.fleet.enabled=true,rateLimit.fleet.secretName=any",
        "--show-only",
        template);
  }

  private void startEnvoy(TestPki... authorities) {
    write("run/credentialbundle.pem", authorities[0].issue(IDENTITY).bundle());
    trust(authorities);
    for (var name : List.of("envoy.yaml", "identity.yaml", "trust.yaml")) {
      write(name, here(config.get(name)));
    }
    envoy =
        launch(
            "envoy",
            Map.of(),
            EnvoyBinary.path(),
            List.of("-c", home.resolve("envoy.yaml").toString(), "--use-dynamic-base-id"));
    awaitListening(port);
  }

  private String here(String text) {
    return text.replace("/etc/portcullis", home.toString())
        .replace("/var/run/portcullis", home.resolve("run").toString())
        .replace("0.0.0.0", "127.0.0.1")
        .replace("port_value: 8081", "port_value: " + port)
        .replace("port_value: 8082", "port_value: " + readinessPort)
        .replace("port_value: 8083", "port_value: " + servicePort)
        .replace("port_value: 8084", "port_value: " + healthPort);
  }

  private void write(String name, String text) {
    try {
      var file = home.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Process launch(
      String name, Map<String, String> environment, Path program, List<String> arguments) {
    var command = new ArrayList<>(List.of(program.toString()));
    command.addAll(arguments);
    var builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(home.resolve(name + ".log").toFile());
    builder.environment().putAll(environment);
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitListening(int listening) {
    await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptions()
        .until(
            () -> {
              new Socket("127.0.0.1", listening).close();
              return true;
            });
  }

  private static Optional<Path> program(String variable) {
    return Optional.ofNullable(System.getenv(variable)).map(Path::of).filter(Files::isExecutable);
  }

  private static void end(Process process) {
    if (process == null) {
      return;
    }
    try {
      process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    end(envoy);
    end(service);
    end(store);
  }
}
