package dev.portcullis.operator.watch.delivery;

import dev.portcullis.operator.envoy.EnvoyResources;
import dev.portcullis.operator.xds.Delivery;
import dev.portcullis.operator.xds.DeliveryListener;
import dev.portcullis.operator.xds.GroupKey;
import dev.portcullis.operator.xds.PublishOutcome;
import dev.portcullis.operator.xds.Xds;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/** Records what is asked of it, and answers when the test lets it. */
final class FakeXds implements Xds {

  /** What was done, in order: {@code publish shop/orders/None v1}. */
  final List<String> done = new CopyOnWriteArrayList<>();

  /** Texts with which the canary refuses a version. */
  final Map<String, String> refusals = new ConcurrentSkipListMap<>();

  /** Where endpoints are, by name. */
  final Map<String, ClusterLoadAssignment> located = new ConcurrentSkipListMap<>();

  /** Publications wait for it. */
  volatile CountDownLatch open = new CountDownLatch(0);

  Stream<String> doneTo(String group) {
    return done.stream().filter(line -> line.contains(" " + group));
  }

  @Override
  public CompletionStage<PublishOutcome> publish(GroupKey group, EnvoyResources resources) {
    done.add("publish " + group.name() + " " + resources.version());
    var gate = open;
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            gate.await();
          } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
          }
          var refusal = refusals.get(resources.version());
          return refusal == null
              ? new PublishOutcome.Published(resources.version())
              : new PublishOutcome.Rejected(resources.version(), "inbound", refusal);
        },
        task -> Thread.ofVirtual().start(task));
  }

  @Override
  public void withdraw(GroupKey group) {
    done.add("withdraw " + group.name());
  }

  @Override
  public void locate(ClusterLoadAssignment endpoints) {
    located.put(endpoints.getClusterName(), endpoints);
  }

  @Override
  public void unlocate(String endpoints) {
    located.remove(endpoints);
  }

  @Override
  public Delivery delivery(String podUid) {
    return new Delivery.NotConnected();
  }

  @Override
  public void regroup(String podUid) {
    done.add("regroup " + podUid);
  }

  @Override
  public void disconnect(String podUid) {
    done.add("disconnect " + podUid);
  }

  @Override
  public void onDelivery(DeliveryListener listener) {}
}
