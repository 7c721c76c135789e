package dev.portcullis.operator.watch.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Notices an informer that has stopped for ever: one that follows nothing for a minute although the
 * API server answers. While the API server is away every informer is deaf, and a restart would cure
 * nothing.
 */
public final class InformerWatch implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(45);
  private static final Duration PERIOD = Duration.ofSeconds(5);

  private final ClusterCache cluster;
  private final KubernetesClient client;
  private final LongSupplier nanos;
  private final ScheduledExecutorService clockwork =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("informer-watch").daemon().factory());
  private long goodAt;
  private volatile List<String> dead = List.of();

  public InformerWatch(ClusterCache cluster, KubernetesClient client) {
    this.cluster = cluster;
    this.client = client;
    this.nanos = System::nanoTime;
  }

  /** Call once the informers have synced. */
  public void start() {
    goodAt = nanos.getAsLong();
    clockwork.scheduleWithFixedDelay(
        this::look, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Informers that only a restart can bring back. */
  public List<String> dead() {
    return dead;
  }

  @Override
  public void close() {
    clockwork.shutdownNow();
  }

  private void look() {
    var deaf = cluster.deaf();
    if (deaf.isEmpty() || !answers()) {
      goodAt = nanos.getAsLong();
      dead = List.of();
    } else if (nanos.getAsLong() - goodAt > PATIENCE.toNanos()) {
      dead = deaf;
    }
  }

  private boolean answers() {
    try {
      return client.getKubernetesVersion() != null;
    } catch (KubernetesClientException away) {
      return false;
    }
  }
}
