package dev.portcullis.operator.whole;

import static org.awaitility.Awaitility.await;

import dev.portcullis.operator.apiserver.ApiServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An operator in a process of its own, which ends only by being killed. */
final class KilledOperator {

  private static final String UP = "Portcullis is up";

  private KilledOperator() {}

  /** Returns once it serves. */
  static Scene.Running start(String instance, Map<String, String> settings) {
    try {
      var log = Files.createTempFile(instance, ".log");
      var process = run(instance, settings, log);
      await()
          .atMost(Duration.ofSeconds(120))
          .failFast(
              () -> {
                if (!process.isAlive()) {
                  throw new AssertionError("the operator has ended: " + Files.readString(log));
                }
              })
          .until(() -> Files.readString(log).contains(UP));
      return () -> kill(process, log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Process run(String instance, Map<String, String> settings, Path log)
      throws IOException {
    var kubeconfig =
        Files.writeString(Files.createTempFile("kubeconfig", ".yaml"), ApiServer.kubeconfig());
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(KilledOperator.class.getName(), kubeconfig.toString(), instance));
    settings.forEach((name, value) -> command.add(name + "=" + value));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  /** Nothing of it gets to close anything. */
  private static void kill(Process process, Path log) {
    process.destroyForcibly();
    try {
      process.waitFor();
      Files.delete(log);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The process: kubeconfig, name of the replica, settings. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    var settings = new HashMap<String, String>();
    for (var setting : List.of(arguments).subList(2, arguments.length)) {
      var parts = setting.split("=", 2);
      settings.put(parts[0], parts[1]);
    }
    Replica.start(arguments[1], settings, client(Path.of(arguments[0])));
    System.out.println(UP);
    Thread.currentThread().join();
  }

  private static KubernetesClient client(Path kubeconfig) throws IOException {
    return new KubernetesClientBuilder()
        .withConfig(Config.fromKubeconfig(Files.readString(kubeconfig)))
        .build();
  }
}
