package dev.portcullis.operator.xds;

import com.sun.management.ThreadMXBean;
import io.envoyproxy.controlplane.cache.DeltaResponse;
import io.envoyproxy.controlplane.cache.DeltaXdsRequest;
import io.envoyproxy.controlplane.cache.v3.SimpleCache;
import io.envoyproxy.controlplane.cache.v3.Snapshot;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * Prints what one change of one resource costs when N groups with a proxy each are connected: ours
 * from the translated resources to the acknowledged response, and java-control-plane's {@code
 * SimpleCache} up to the response. Both include the building of the resources, shown apart. Run it
 * by hand; it proves nothing by itself.
 */
final class CostPerChange {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int[] GROUPS = {100, 1_000, 10_000};
  private static final int OURS = 20_000;
  private static final int THEIRS = 200;

  private CostPerChange() {}

  public static void main(String[] args) {
    System.out.printf("%-12s %8s %12s %14s%n", "", "groups", "CPU us", "bytes");
    measure("(building)", 0, OURS, number -> resources(number).build());
    for (var groups : GROUPS) {
      var ours = new OwnStore(groups);
      measure("own", groups, OURS, ours::change);
      var theirs = new StockCache(groups);
      measure("SimpleCache", groups, Math.max(20, THEIRS * 1_000 / groups), theirs::change);
    }
  }

  private static void measure(String name, int groups, int changes, IntConsumer change) {
    for (var i = 0; i < changes; i++) {
      change.accept(i);
    }
    System.gc();
    var thread = Thread.currentThread().threadId();
    var cpu = THREADS.getThreadCpuTime(thread);
    var bytes = THREADS.getThreadAllocatedBytes(thread);
    for (var i = 0; i < changes; i++) {
      change.accept(changes + i);
    }
    System.out.printf(
        "%-12s %8d %12.1f %14d%n",
        name,
        groups,
        (THREADS.getThreadCpuTime(thread) - cpu) / 1e3 / changes,
        (THREADS.getThreadAllocatedBytes(thread) - bytes) / changes);
  }

  private static Resources resources(int change) {
    return Resources.answering("answer " + change);
  }

  /** Streams whose proxies acknowledge at once, on the caller's thread. */
  private static final class OwnStore {
    private final ResourceStore store = new ResourceStore();
    private final StreamContext context;
    private final int groups;

    OwnStore(int groups) {
      this.groups = groups;
      PeerGroups byPod = peer -> Optional.of(new GroupKey(peer.pod()));
      var metrics = new XdsMetrics(new SimpleMeterRegistry(), "portcullis.xds");
      context =
          new StreamContext(
              store,
              byPod,
              PeerSecrets.NONE,
              new DeliveryLedger(),
              metrics,
              Runnable::run,
              InstantSource.system());
      for (var i = 0; i < groups; i++) {
        store.put(new GroupKey("pod-" + i), ResourceSet.of(resources(-1).build()));
        connect("pod-" + i);
      }
    }

    private void connect(String pod) {
      var session = PeerSession.of(new Peer("shop", pod, pod, pod), Instant.MAX);
      var proxy = new Proxy();
      proxy.stream = DeltaStream.open(session, context, proxy);
      for (var type : ResourceType.CONFIGURATION) {
        var request = DeltaDiscoveryRequest.newBuilder().setTypeUrl(type.typeUrl());
        if (!type.hasWildcard()) {
          request.addResourceNamesSubscribe("inbound");
        }
        proxy.stream.onNext(request.build());
        proxy.acknowledge();
      }
    }

    void change(int number) {
      var group = new GroupKey("pod-" + number % groups);
      var built = resources(number).build();
      store.put(group, ResourceSet.of(built));
      Proxy.last.acknowledge();
    }
  }

  private static final class Proxy extends ServerCallStreamObserver<DeltaDiscoveryResponse> {
    static Proxy last;
    DeltaStream stream;
    private DeltaDiscoveryResponse response;

    @Override
    public void onNext(DeltaDiscoveryResponse next) {
      response = next;
      last = this;
    }

    void acknowledge() {
      var request =
          DeltaDiscoveryRequest.newBuilder()
              .setTypeUrl(response.getTypeUrl())
              .setResponseNonce(response.getNonce());
      stream.onNext(request.build());
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public void setOnCancelHandler(Runnable handler) {}

    @Override
    public void setCompression(String compression) {}

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setOnReadyHandler(Runnable handler) {}

    @Override
    public void request(int count) {}

    @Override
    public void setMessageCompression(boolean enable) {}

    @Override
    public void disableAutoInboundFlowControl() {}

    @Override
    public void onError(Throwable error) {}

    @Override
    public void onCompleted() {}
  }

  /** Every group has an open watch on its routes, made anew after each response. */
  private static final class StockCache {
    private final SimpleCache<String> cache = new SimpleCache<>(Node::getId);
    private final int groups;

    StockCache(int groups) {
      this.groups = groups;
      for (var i = 0; i < groups; i++) {
        cache.setSnapshot("pod-" + i, snapshot(-1));
        watch("pod-" + i, "-1");
      }
    }

    private static Snapshot snapshot(int number) {
      var built = resources(number).build();
      return Snapshot.create(
          built.clusters(),
          List.of(),
          List.of(built.listener()),
          List.of(built.routes()),
          List.of(),
          Integer.toString(number));
    }

    private void watch(String pod, String version) {
      var request =
          DeltaDiscoveryRequest.newBuilder()
              .setTypeUrl(ResourceType.ROUTE.typeUrl())
              .setNode(Node.newBuilder().setId(pod));
      cache.createDeltaWatch(
          DeltaXdsRequest.create(request.build()),
          version,
          Map.of("inbound", version),
          java.util.Set.of(),
          false,
          this::take,
          false);
    }

    private void take(DeltaResponse response) {
      last = response;
    }

    private DeltaResponse last;

    void change(int number) {
      var pod = "pod-" + number % groups;
      cache.setSnapshot(pod, snapshot(number));
      watch(pod, last.version());
    }
  }
}
