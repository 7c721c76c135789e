package dev.portcullis.operator.watch.lead;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands for leadership as long as it is open; after a loss it stands again. The process does not
 * end with its term, because it serves sidecars, injection and certificates all the same.
 */
public final class Leadership implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);
  private static final long RELEASE_SECONDS = 5;

  private final KubernetesClient client;
  private final Lease lease;
  private final Term term;
  private final WatchedLock lock;

  /** Runs the campaign; renewing must not wait for what a term does. */
  private final ScheduledExecutorService campaign =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("leader-election").daemon().factory());

  /** Runs the terms, one after the other. */
  private final ScheduledExecutorService office =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("leader").daemon().factory());

  private volatile boolean leading;
  private volatile boolean closed;
  private volatile CompletableFuture<?> candidacy = CompletableFuture.completedFuture(null);

  public Leadership(KubernetesClient client, Lease lease, Term term) {
    this.client = client;
    this.lease = lease;
    this.term = term;
    this.lock = new WatchedLock(new LeaseLock(lease.namespace(), lease.name(), lease.identity()));
  }

  /** Returns at once. */
  public void start() {
    campaign.execute(this::stand);
  }

  /**
   * Whether this replica may write now. Counts by its own clock from the last renewal, so that a
   * process that was frozen past its lease does not write before it notices.
   */
  public boolean holds() {
    return leading && System.nanoTime() - lock.renewedAt() < lease.duration().toNanos();
  }

  /** Ends the term, and hands the lease back so that another need not wait for it to expire. */
  @Override
  public void close() {
    closed = true;
    endTerm();
    office.shutdown();
    try {
      office.awaitTermination(RELEASE_SECONDS, TimeUnit.SECONDS);
      candidacy.cancel(true);
      candidacy.get(RELEASE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (CancellationException | ExecutionException | TimeoutException over) {
      LOG.debug("The candidacy is over: {}", over.toString());
    }
    campaign.shutdownNow();
  }

  private void stand() {
    if (closed) {
      return;
    }
    candidacy = elector().start();
    candidacy.whenComplete(
        (result, failure) -> {
          if (!closed) {
            LOG.info("Standing for leadership again; the last candidacy ended: {}", failure);
            campaign.schedule(this::stand, lease.retry().toMillis(), TimeUnit.MILLISECONDS);
          }
        });
  }

  private LeaderElector elector() {
    return new LeaderElector(
        client,
        new LeaderElectionConfigBuilder()
            .withName(lease.name())
            .withLock(lock)
            .withLeaseDuration(lease.duration())
            .withRenewDeadline(lease.renewDeadline())
            .withRetryPeriod(lease.retry())
            .withReleaseOnCancel(true)
            .withLeaderCallbacks(
                new LeaderCallbacks(
                    this::beginTerm, this::endTerm, leader -> LOG.info("{} leads", leader)))
            .build(),
        campaign);
  }

  private void beginTerm() {
    leading = true;
    office.execute(() -> guarded("begin", term::begin));
  }

  private void endTerm() {
    if (leading) {
      leading = false;
      office.execute(() -> guarded("end", term::end));
    }
  }

  private static void guarded(String what, Runnable step) {
    try {
      step.run();
    } catch (RuntimeException failure) {
      LOG.error("The term did not {} as it should", what, failure);
    }
  }
}
