package dev.portcullis.operator.watch.certificates;

import dev.portcullis.operator.apiserver.ApiServer;
import dev.portcullis.operator.names.Names;
import io.fabric8.kubernetes.api.model.certificates.v1.PodCertificateRequest;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Prints how long it takes from the creation of a PodCertificateRequest to a watcher's seeing it
 * answered, one at a time and 16 at once, on a real API server with one replica of the operator.
 */
public final class SigningLatencyBenchmark {

  private static final int WARM_UP = 200;
  private static final int REQUESTS = 1_000;

  private SigningLatencyBenchmark() {}

  public static void main(String[] arguments) throws InterruptedException {
    try (var cluster = new OperatorCluster()) {
      var operator = cluster.leader();
      var name = ApiServer.namespace(cluster.admin, "bench").getMetadata().getName();
      var kubelet = new Kubelet(cluster.admin, name);
      while (!operator.service().canServe() || !operator.service().isWatching()) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
      measure(kubelet, 4, WARM_UP);
      print(System.out, 1, measure(kubelet, 1, REQUESTS / 4));
      print(System.out, 16, measure(kubelet, 16, REQUESTS));
      System.out.printf(
          "counted as issued: %.0f%n", operator.count("portcullis.certificates.issued"));
    }
    // the threads that read the API server's output would keep the JVM for ever
    System.exit(0);
  }

  private static void print(PrintStream out, int parallel, List<Long> micros) {
    var sorted = micros.stream().sorted().toList();
    out.printf(
        "%2d at once: p50 %.1f ms   p99 %.1f ms   max %.1f ms   of %d%n",
        parallel,
        sorted.get(sorted.size() / 2) / 1e3,
        sorted.get(sorted.size() * 99 / 100) / 1e3,
        sorted.getLast() / 1e3,
        sorted.size());
  }

  private static List<Long> measure(Kubelet kubelet, int parallel, int count)
      throws InterruptedException {
    var workloads = new ArrayList<Kubelet.Workload>();
    for (int i = 0; i < count; i++) {
      workloads.add(kubelet.start("w-" + parallel + "-" + i));
    }
    var answered = new Answered();
    var micros = new ConcurrentHashMap<Integer, Long>();
    try (var watch =
            kubelet
                .admin()
                .resources(PodCertificateRequest.class)
                .inNamespace(kubelet.namespace())
                .withField("spec.signerName", Names.SIGNER)
                .watch(answered);
        var executor = Executors.newFixedThreadPool(parallel)) {
      for (int i = 0; i < count; i++) {
        int index = i;
        executor.execute(() -> micros.put(index, answered.time(kubelet, workloads.get(index))));
      }
      executor.shutdown();
      executor.awaitTermination(5, TimeUnit.MINUTES);
    }
    return List.copyOf(micros.values());
  }

  /** Wakes whoever waits for a request when a watch shows its answer. */
  private static final class Answered implements Watcher<PodCertificateRequest> {
    private final Map<String, CountDownLatch> latches = new ConcurrentHashMap<>();

    long time(Kubelet kubelet, Kubelet.Workload workload) {
      long start = System.nanoTime();
      var name = kubelet.ask(workload).getMetadata().getName();
      try {
        if (!latch(name).await(30, TimeUnit.SECONDS)) {
          throw new AssertionError(name + " is not answered");
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      return (System.nanoTime() - start) / 1_000;
    }

    private CountDownLatch latch(String name) {
      return latches.computeIfAbsent(name, any -> new CountDownLatch(1));
    }

    @Override
    public void eventReceived(Action action, PodCertificateRequest request) {
      if (request.getStatus() != null && !request.getStatus().getConditions().isEmpty()) {
        latch(request.getMetadata().getName()).countDown();
      }
    }

    @Override
    public void onClose(WatcherException cause) {
      throw new AssertionError(cause);
    }
  }
}
