package dev.portcullis.operator.watch.lead;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.Lock;

/** A lock that remembers when it was last won or renewed: before the request, so never too late. */
final class WatchedLock implements Lock {

  private final Lock lock;
  private volatile long renewedAt;

  WatchedLock(Lock lock) {
    this.lock = lock;
  }

  /** {@code System.nanoTime()} of the last success; it goes on while the process is frozen. */
  long renewedAt() {
    return renewedAt;
  }

  @Override
  public LeaderElectionRecord get(KubernetesClient client) {
    return lock.get(client);
  }

  @Override
  public void create(KubernetesClient client, LeaderElectionRecord record) {
    var before = System.nanoTime();
    lock.create(client, record);
    renewedAt = before;
  }

  @Override
  public void update(KubernetesClient client, LeaderElectionRecord record) {
    var before = System.nanoTime();
    lock.update(client, record);
    renewedAt = before;
  }

  @Override
  public String identity() {
    return lock.identity();
  }

  @Override
  public String describe() {
    return lock.describe();
  }
}
