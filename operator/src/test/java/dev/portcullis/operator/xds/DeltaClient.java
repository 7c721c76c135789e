package dev.portcullis.operator.xds;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Status;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.grpc.Channel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A light proxy: says what it is told to say, keeps what it hears. */
final class DeltaClient
    implements ClientResponseObserver<DeltaDiscoveryRequest, DeltaDiscoveryResponse> {

  private static final int LONGEST_SECONDS = 60;

  private final LinkedBlockingQueue<DeltaDiscoveryResponse> responses = new LinkedBlockingQueue<>();
  private final CompletableFuture<io.grpc.Status> ended = new CompletableFuture<>();
  private final String nodeId;
  private final Reading reading;
  private ClientCallStreamObserver<DeltaDiscoveryRequest> call;

  /** Whether what arrives is taken off the stream. */
  enum Reading {
    ALWAYS,
    ON_DEMAND
  }

  private DeltaClient(String nodeId, Reading reading) {
    this.nodeId = nodeId;
    this.reading = reading;
  }

  static DeltaClient connect(Channel channel, String nodeId) {
    return connect(channel, nodeId, Reading.ALWAYS);
  }

  static DeltaClient connect(Channel channel, String nodeId, Reading reading) {
    var client = new DeltaClient(nodeId, reading);
    AggregatedDiscoveryServiceGrpc.newStub(channel).deltaAggregatedResources(client);
    return client;
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<DeltaDiscoveryRequest> stream) {
    call = stream;
    if (reading == Reading.ON_DEMAND) {
      stream.disableAutoRequestWithInitial(0);
    }
  }

  void read(int messages) {
    call.request(messages);
  }

  void send(DeltaDiscoveryRequest request) {
    call.onNext(request);
  }

  DeltaDiscoveryRequest.Builder request(ResourceType type) {
    return DeltaDiscoveryRequest.newBuilder()
        .setTypeUrl(type.typeUrl())
        .setNode(Node.newBuilder().setId(nodeId));
  }

  void subscribe(ResourceType type, String... names) {
    send(request(type).addAllResourceNamesSubscribe(List.of(names)).build());
  }

  /** As a proxy does that kept its configuration over a lost stream. */
  void resume(ResourceType type, Map<String, String> versions, String... names) {
    send(
        request(type)
            .addAllResourceNamesSubscribe(List.of(names))
            .putAllInitialResourceVersions(versions)
            .build());
  }

  void ack(DeltaDiscoveryResponse response) {
    send(answer(response).build());
  }

  void nack(DeltaDiscoveryResponse response, String reason) {
    var error = Status.newBuilder().setCode(13).setMessage(reason);
    send(answer(response).setErrorDetail(error).build());
  }

  private static DeltaDiscoveryRequest.Builder answer(DeltaDiscoveryResponse response) {
    return DeltaDiscoveryRequest.newBuilder()
        .setTypeUrl(response.getTypeUrl())
        .setResponseNonce(response.getNonce());
  }

  DeltaDiscoveryResponse next() {
    try {
      var response = responses.poll(LONGEST_SECONDS, TimeUnit.SECONDS);
      assertThat(response).as("a response within %s s", LONGEST_SECONDS).isNotNull();
      return response;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  DeltaDiscoveryResponse nextAcked() {
    var response = next();
    ack(response);
    return response;
  }

  int waiting() {
    return responses.size();
  }

  io.grpc.Status end() {
    return ended.orTimeout(LONGEST_SECONDS, TimeUnit.SECONDS).join();
  }

  void hangUp() {
    call.onCompleted();
    end();
  }

  static Map<String, String> versions(DeltaDiscoveryResponse response) {
    return response.getResourcesList().stream()
        .collect(java.util.stream.Collectors.toMap(Resource::getName, Resource::getVersion));
  }

  static List<String> names(DeltaDiscoveryResponse response) {
    return response.getResourcesList().stream().map(Resource::getName).toList();
  }

  @Override
  public void onNext(DeltaDiscoveryResponse response) {
    responses.add(response);
  }

  @Override
  public void onError(Throwable error) {
    ended.complete(io.grpc.Status.fromThrowable(error));
  }

  @Override
  public void onCompleted() {
    ended.complete(io.grpc.Status.OK);
  }
}
