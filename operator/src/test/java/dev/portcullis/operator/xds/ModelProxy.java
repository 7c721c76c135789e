package dev.portcullis.operator.xds;

import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.grpc.Channel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * A proxy that answers everything as Envoy does: resource by resource it takes what it can, and
 * refuses a response that holds one that it cannot.
 */
final class ModelProxy
    implements ClientResponseObserver<DeltaDiscoveryRequest, DeltaDiscoveryResponse> {

  /** Versions of resources that it cannot run; may be added to at any time. */
  final Set<String> cannotRun = ConcurrentHashMap.newKeySet();

  /** What it refused, in order: {@code listener inbound}. */
  final List<String> refused = new CopyOnWriteArrayList<>();

  private final Map<ResourceType, Map<String, String>> runs = new EnumMap<>(ResourceType.class);
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private ClientCallStreamObserver<DeltaDiscoveryRequest> call;

  ModelProxy() {
    for (var type : ResourceType.CONFIGURATION) {
      runs.put(type, new TreeMap<>());
    }
  }

  /** As at its start, or when it comes back with what it runs. */
  void connect(Channel channel) {
    AggregatedDiscoveryServiceGrpc.newStub(channel).deltaAggregatedResources(this);
    for (var type : ResourceType.CONFIGURATION) {
      var first =
          DeltaDiscoveryRequest.newBuilder()
              .setTypeUrl(type.typeUrl())
              .addResourceNamesSubscribe(type.hasWildcard() ? "*" : "inbound");
      synchronized (this) {
        call.onNext(first.putAllInitialResourceVersions(runs.get(type)).build());
      }
    }
  }

  /** Its process ends and another begins: same pod, empty hands. */
  ModelProxy restarted() throws Exception {
    hangUp();
    var next = new ModelProxy();
    next.cannotRun.addAll(cannotRun);
    return next;
  }

  /** The same process, without a stream. */
  ModelProxy hungUp() throws Exception {
    hangUp();
    var next = new ModelProxy();
    next.cannotRun.addAll(cannotRun);
    next.runs.putAll(runs);
    return next;
  }

  private void hangUp() throws Exception {
    synchronized (this) {
      call.onCompleted();
    }
    ended.get(60, TimeUnit.SECONDS);
  }

  /** All of them and nothing else. */
  boolean runs(Resources resources) {
    return ResourceType.CONFIGURATION.stream().allMatch(type -> runs(resources, type));
  }

  synchronized boolean runs(Resources resources, ResourceType type) {
    var wanted = new TreeMap<String, String>();
    ResourceSet.of(resources.build())
        .of(type)
        .values()
        .forEach(content -> wanted.put(content.name(), content.version()));
    return wanted.equals(runs.get(type));
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<DeltaDiscoveryRequest> stream) {
    call = stream;
  }

  @Override
  public synchronized void onNext(DeltaDiscoveryResponse response) {
    var type = ResourceType.of(response.getTypeUrl()).orElseThrow();
    var answer =
        DeltaDiscoveryRequest.newBuilder()
            .setTypeUrl(response.getTypeUrl())
            .setResponseNonce(response.getNonce());
    for (var resource : response.getResourcesList()) {
      if (cannotRun.contains(resource.getVersion())) {
        refuse(type, resource, answer);
      } else {
        runs.get(type).put(resource.getName(), resource.getVersion());
      }
    }
    response.getRemovedResourcesList().forEach(runs.get(type)::remove);
    call.onNext(answer.build());
  }

  private void refuse(ResourceType type, Resource resource, DeltaDiscoveryRequest.Builder answer) {
    refused.add(type.name().toLowerCase(Locale.ROOT) + " " + resource.getName());
    answer.getErrorDetailBuilder().setCode(13).setMessage(resource.getName() + ": cannot run it");
  }

  @Override
  public void onError(Throwable error) {
    ended.complete(null);
  }

  @Override
  public void onCompleted() {
    ended.complete(null);
  }
}
