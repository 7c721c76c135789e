package dev.portcullis.operator.xds;

import static dev.portcullis.operator.xds.InProcessXds.soon;
import static dev.portcullis.operator.xds.ResourceType.CLUSTER;
import static dev.portcullis.operator.xds.ResourceType.LISTENER;
import static dev.portcullis.operator.xds.ResourceType.ROUTE;
import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.controlplane.cache.Resources.V3;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.cluster.v3.ClusterDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.listener.v3.ListenerDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.route.v3.RouteDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.secret.v3.SecretDiscoveryServiceGrpc;
import io.grpc.BindableService;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A compromised pod gets what is its own and nothing else, whatever it says. */
class HostileClientTest {

  private static final String SECRET = "only for the victim";

  private final InProcessXds xds = new InProcessXds();

  @BeforeEach
  void twoTenants() {
    xds.assign("victim", "victim");
    xds.put("victim", Resources.answering(SECRET).withClusters("app", "victim-only").build());
    xds.assign("attacker", "attacker");
    xds.put("attacker", Resources.answering("own").build());
  }

  @AfterEach
  void stop() {
    xds.close();
  }

  @Test
  void anotherPodsNodeEndsTheStreamOnTheFirstMessage() {
    // Given
    var client = DeltaClient.connect(xds.channelWithToken("attacker"), "shop/victim");
    // When
    client.subscribe(CLUSTER);
    // Then
    assertThat(client.end().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(client.waiting()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"shop/victim", "shop/attacker ", "Shop/attacker", "attacker", ""})
  void anotherNodeLaterOnTheStreamEndsItToo(String node) {
    // Given
    var client = xds.connect("attacker");
    client.subscribe(CLUSTER);
    client.nextAcked();
    // When
    client.send(
        DeltaDiscoveryRequest.newBuilder()
            .setTypeUrl(ROUTE.typeUrl())
            .setNode(Node.newBuilder().setId(node))
            .addResourceNamesSubscribe("inbound")
            .build());
    // Then
    assertThat(client.end().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(client.waiting()).isZero();
  }

  @Test
  void everyTypeByWildcardAndByForeignNamesGivesOwnResourcesOnly() {
    // Given
    var client = xds.connect("attacker");
    var types = new ArrayList<>(V3.TYPE_URLS);
    types.add("type.googleapis.com/envoy.config.core.v3.TypedExtensionConfig");
    types.add("type.googleapis.com/envoy.service.runtime.v3.Runtime");
    types.add("type.googleapis.com/google.protobuf.Any");
    types.add("");
    // When
    for (var type : types) {
      client.send(
          DeltaDiscoveryRequest.newBuilder()
              .setTypeUrl(type)
              .addAllResourceNamesSubscribe(
                  List.of("*", "inbound", "victim", "victim/inbound", "victim-only", "app"))
              .build());
    }
    var responses = List.of(client.nextAcked(), client.nextAcked(), client.nextAcked());
    // Then
    assertThat(responses.toString()).doesNotContain("victim").doesNotContain(SECRET);
    var own = ResourceSet.of(Resources.answering("own").build());
    for (var response : responses) {
      var type = ResourceType.of(response.getTypeUrl()).orElseThrow();
      assertThat(response.getResourcesList())
          .isEqualTo(own.of(type).values().stream().map(Content::message).toList());
    }
  }

  @Test
  void routesAreNotGivenByWildcard() {
    // Given
    var client = xds.connect("attacker");
    // When
    client.subscribe(ROUTE);
    client.subscribe(ROUTE, "*");
    client.subscribe(CLUSTER);
    // Then
    assertThat(client.next().getTypeUrl()).isEqualTo(CLUSTER.typeUrl());
  }

  @Test
  void aReplayedOrInventedNonceChangesNothing() {
    // Given
    var client = xds.connect("attacker");
    client.subscribe(LISTENER);
    var first = client.nextAcked();
    // When
    client.ack(first);
    client.nack(first, "replayed");
    client.ack(first.toBuilder().setNonce("4711").build());
    xds.put("attacker", Resources.answering("own").withStatPrefix("two").build());
    var second = client.next();
    client.nack(first, "replayed");
    // Then
    client.ack(second);
    xds.put("attacker", Resources.answering("own").withStatPrefix("three").build());
    assertThat(DeltaClient.names(client.nextAcked())).containsExactly("inbound");
    assertThat(xds.counted("portcullis.xds.nacks")).isZero();
    assertThat(xds.delivery("attacker")).isNotInstanceOf(Delivery.Refused.class);
  }

  @Test
  void claimingTheVictimsVersionsTellsNothing() {
    // Given
    var victims =
        ResourceSet.of(Resources.answering(SECRET).withClusters("app", "victim-only").build());
    var client = xds.connect("attacker");
    // When
    client.resume(
        CLUSTER,
        Map.of(
            "app", victims.clusters().get("app").version(),
            "victim-only", victims.clusters().get("victim-only").version()));
    client.resume(ROUTE, Map.of("inbound", victims.routes().get("inbound").version()), "inbound");
    // Then the answer is the attacker's own route, and its word for a cluster is taken back
    var responses = List.of(client.nextAcked(), client.nextAcked());
    assertThat(responses.toString()).doesNotContain(SECRET);
    assertThat(responses)
        .anySatisfy(response -> assertThat(DeltaClient.names(response)).contains("inbound"));
  }

  @Test
  void tooManyNamesEndTheStream() {
    // Given
    var client = xds.connect("attacker");
    client.subscribe(ROUTE, "inbound");
    client.nextAcked();
    // When
    var names = IntStream.range(0, Subscription.MOST_NAMES + 1).mapToObj(i -> "name-" + i);
    client.subscribe(ROUTE, names.toArray(String[]::new));
    // Then
    assertThat(client.end().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    soon().until(() -> xds.delivery("attacker") instanceof Delivery.NotConnected);
  }

  @Test
  void theOtherTenantNoticesNothing() {
    // Given
    var victim = xds.connect("victim");
    victim.subscribe(CLUSTER);
    victim.nextAcked();
    var attacker = xds.connect("attacker");
    attacker.subscribe(LISTENER);
    attacker.nack(attacker.next(), "Error adding/updating listener(s) inbound: no");
    soon().until(() -> xds.delivery("attacker") instanceof Delivery.Refused);
    // When
    for (var i = 0; i < 20; i++) {
      xds.put("attacker", Resources.answering("own").withStatPrefix("p" + i).build());
    }
    xds.put("victim", Resources.answering(SECRET).withClusters("app", "new").build());
    // Then
    assertThat(DeltaClient.names(victim.next())).containsExactly("new");
    assertThat(victim.waiting()).isZero();
  }

  @Test
  void stateOfTheWorldIsNotServed() {
    // Given
    var stub = AggregatedDiscoveryServiceGrpc.newStub(xds.channelWithToken("attacker"));
    var ended = new CompletableFuture<Status>();
    // When
    var requests =
        stub.streamAggregatedResources(
            new StreamObserver<DiscoveryResponse>() {
              @Override
              public void onNext(DiscoveryResponse response) {
                ended.complete(Status.OK);
              }

              @Override
              public void onError(Throwable error) {
                ended.complete(Status.fromThrowable(error));
              }

              @Override
              public void onCompleted() {
                ended.complete(Status.OK);
              }
            });
    requests.onNext(DiscoveryRequest.newBuilder().setTypeUrl(V3.CLUSTER_TYPE_URL).build());
    // Then
    assertThat(ended.orTimeout(60, TimeUnit.SECONDS).join().getCode())
        .isEqualTo(Status.Code.UNIMPLEMENTED);
  }

  static Stream<MethodDescriptor<?, ?>> everyOtherMethod() {
    return Stream.<BindableService>of(
            new ClusterDiscoveryServiceGrpc.ClusterDiscoveryServiceImplBase() {},
            new ListenerDiscoveryServiceGrpc.ListenerDiscoveryServiceImplBase() {},
            new RouteDiscoveryServiceGrpc.RouteDiscoveryServiceImplBase() {},
            new SecretDiscoveryServiceGrpc.SecretDiscoveryServiceImplBase() {})
        .flatMap(service -> service.bindService().getMethods().stream())
        .map(method -> method.getMethodDescriptor());
  }

  @ParameterizedTest
  @MethodSource("everyOtherMethod")
  void noOtherServiceIsServed(MethodDescriptor<?, ?> method) {
    // Given
    var channel = xds.channelWithToken("attacker");
    // When
    var status = call(channel, method);
    // Then
    assertThat(status.getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
  }

  @SuppressWarnings("unchecked")
  private static Status call(Channel channel, MethodDescriptor<?, ?> method) {
    var unary =
        ((MethodDescriptor<com.google.protobuf.Message, Object>) method)
            .toBuilder().setType(MethodDescriptor.MethodType.UNARY).build();
    var request =
        method.getFullMethodName().contains("/Delta")
            ? DeltaDiscoveryRequest.getDefaultInstance()
            : DiscoveryRequest.getDefaultInstance();
    try {
      ClientCalls.blockingUnaryCall(channel, unary, io.grpc.CallOptions.DEFAULT, request);
      return Status.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus();
    }
  }
}
