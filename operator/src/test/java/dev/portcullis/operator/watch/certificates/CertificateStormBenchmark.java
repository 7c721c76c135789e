package dev.portcullis.operator.watch.certificates;

import com.sun.management.OperatingSystemMXBean;
import dev.portcullis.operator.apiserver.ApiServer;
import dev.portcullis.operator.identity.BareProvider;
import dev.portcullis.operator.identity.CaMint;
import dev.portcullis.operator.identity.CertificateAuthority;
import dev.portcullis.operator.identity.CryptoProvider;
import dev.portcullis.operator.identity.Issuance;
import dev.portcullis.operator.identity.LeafOrder;
import dev.portcullis.operator.identity.Requests;
import dev.portcullis.operator.identity.SigningRequest;
import dev.portcullis.operator.names.Names;
import io.fabric8.kubernetes.api.model.certificates.v1.PodCertificateRequest;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Prints how long a thousand PodCertificateRequests take that can be answered all at once, on a
 * real API server with one replica of the operator; and in the same run, on as many threads, what
 * signing takes without the API server, and what the crypto provider alone does.
 */
public final class CertificateStormBenchmark {

  private static final int REQUESTS = 1_000;
  private static final int WARM_UP = 20_000;
  private static final int AT_ONCE = 64;
  private static final int ROUNDS = 8;

  private CertificateStormBenchmark() {}

  public static void main(String[] arguments) throws InterruptedException {
    System.out.printf(
        "%-36s %8s %9s %10s %10s %10s%n", "", "time", "rate", "p50", "p99", "CPU each");
    compareSigning();
    try (var cluster = new OperatorCluster()) {
      storm(cluster, "warm-up", REQUESTS / 4);
      print("requests answered at the API server", storm(cluster, "storm", REQUESTS));
    }
    // the threads that read the API server's output would keep the JVM for ever
    System.exit(0);
  }

  /** Begin to end of each piece of work, and of all of them; and this JVM's CPU; in nanoseconds. */
  private record Times(List<Long> each, long whole, long cpu) {

    double cpuEach() {
      return (double) cpu / each.size();
    }

    double rate() {
      return each.size() * 1e9 / whole;
    }

    double millis(double share) {
      var sorted = each.stream().sorted().toList();
      return sorted.get((int) (sorted.size() * share)) / 1e6;
    }
  }

  private static void print(String what, Times times) {
    System.out.printf(
        "%-36s %6.2f s %7.0f/s %7.1f ms %7.1f ms %7.0f us%n",
        what,
        times.whole / 1e9,
        times.rate(),
        times.millis(0.5),
        times.millis(0.99),
        times.cpuEach() / 1e3);
  }

  /** In alternating rounds, so that other load on the machine weighs on both alike. */
  private static void compareSigning() throws InterruptedException {
    var crypto = CryptoProvider.fastest();
    var authority = authority(crypto);
    var request = Requests.empty("ECDSAP256");
    var bare = new BareProvider(crypto);
    Supplier<?> alone = bare::verifyAndSign;
    Supplier<?> whole = () -> issue(authority, request, crypto);
    measure(alone, WARM_UP);
    measure(whole, WARM_UP);
    var aloneTimes = new ArrayList<Times>();
    var wholeTimes = new ArrayList<Times>();
    for (int round = 0; round < ROUNDS; round++) {
      aloneTimes.add(measure(alone, REQUESTS));
      wholeTimes.add(measure(whole, REQUESTS));
    }
    var signed = together(wholeTimes);
    var provided = together(aloneTimes);
    print(crypto.name() + ", alone", provided);
    print("request read, certificate signed", signed);
    System.out.printf(
        "signing does %.0f %% of what the provider alone does with as much CPU%n",
        100 * provided.cpuEach() / signed.cpuEach());
  }

  private static CertificateAuthority authority(CryptoProvider crypto) {
    var material = new CaMint(OperatorCluster.DOMAIN, crypto).newAuthority(Instant.now());
    return new CertificateAuthority(material, OperatorCluster.DOMAIN, crypto);
  }

  private static Times together(List<Times> rounds) {
    return new Times(
        rounds.stream().flatMap(round -> round.each.stream()).toList(),
        rounds.stream().mapToLong(Times::whole).sum(),
        rounds.stream().mapToLong(Times::cpu).sum());
  }

  private static Object issue(
      CertificateAuthority authority, byte[] request, CryptoProvider crypto) {
    var read = (SigningRequest.Acceptable) SigningRequest.ofPkcs10(request, crypto);
    var order =
        new LeafOrder(
            read.key(),
            "spiffe://cluster.local/ns/shop/sa/orders",
            List.of(),
            Duration.ofHours(24),
            Instant.now());
    return ((Issuance.Issued) authority.issue(order)).leaf();
  }

  /** So many times, on as many threads as the operator signs on. */
  private static Times measure(Supplier<?> work, int times) throws InterruptedException {
    var each = new ConcurrentHashMap<Integer, Long>();
    long cpu = cpu();
    long begin = System.nanoTime();
    try (var threads = Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
      for (int i = 0; i < times; i++) {
        int index = i;
        threads.execute(
            () -> {
              long start = System.nanoTime();
              if (work.get() != null) {
                each.put(index, System.nanoTime() - start);
              }
            });
      }
    }
    if (each.size() != times) {
      throw new AssertionError("work has a result");
    }
    return new Times(List.copyOf(each.values()), System.nanoTime() - begin, cpu() - cpu);
  }

  /** Of all threads of this JVM, those that collect garbage and compile among them. */
  private static long cpu() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }

  /** The CA is gone while pods ask, and comes back; from then on all of them can be answered. */
  private static Times storm(OperatorCluster cluster, String name, int count)
      throws InterruptedException {
    var operator = cluster.leader(new IssueLimits(10, 10 * count));
    awaitTrue(() -> operator.service().canServe() && operator.service().isWatching());
    var kubelet =
        new Kubelet(
            cluster.admin, ApiServer.namespace(cluster.admin, name).getMetadata().getName());
    var good = cluster.secret().get().getData();
    cluster.secret().delete();
    awaitTrue(() -> operator.state() instanceof CaState.Missing);
    var answered = new Answered(count);
    try (var watch =
        cluster
            .admin
            .resources(PodCertificateRequest.class)
            .inNamespace(kubelet.namespace())
            .withField("spec.signerName", Names.SIGNER)
            .watch(answered)) {
      ask(kubelet, count);
      awaitTrue(
          () ->
              operator.registry().get("portcullis.certificates.pending").gauge().value() == count);
      cluster.replaceSecret(good);
      awaitTrue(() -> operator.state() instanceof CaState.Ready);
      long cpu = cpu();
      long begin = System.nanoTime();
      answered.await();
      return answered.since(begin, cpu() - cpu);
    } finally {
      cluster.stopReplicas();
    }
  }

  private static void ask(Kubelet kubelet, int count) throws InterruptedException {
    try (var threads = Executors.newFixedThreadPool(16)) {
      for (int i = 0; i < count; i++) {
        var pod = "w-" + i;
        threads.execute(() -> kubelet.ask(kubelet.start(pod)));
      }
    }
  }

  private static void awaitTrue(Supplier<Boolean> condition) throws InterruptedException {
    while (!condition.get()) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }

  /** When a watch has shown which request to be answered. */
  private static final class Answered implements Watcher<PodCertificateRequest> {
    private final Map<String, Long> moments = new ConcurrentHashMap<>();
    private final CountDownLatch missing;

    Answered(int count) {
      missing = new CountDownLatch(count);
    }

    void await() throws InterruptedException {
      if (!missing.await(5, TimeUnit.MINUTES)) {
        throw new AssertionError(missing.getCount() + " are not answered");
      }
    }

    Times since(long begin, long cpu) {
      var each = moments.values().stream().map(moment -> Math.max(0, moment - begin)).toList();
      return new Times(each, each.stream().mapToLong(Long::longValue).max().orElseThrow(), cpu);
    }

    @Override
    public void eventReceived(Action action, PodCertificateRequest request) {
      if (request.getStatus() != null
          && !request.getStatus().getConditions().isEmpty()
          && moments.putIfAbsent(request.getMetadata().getName(), System.nanoTime()) == null) {
        missing.countDown();
      }
    }

    @Override
    public void onClose(WatcherException cause) {
      throw new AssertionError(cause);
    }
  }
}
