package dev.portcullis.operator.xds;

import dev.portcullis.operator.envoy.EnvoyResources;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.MetadataUtils;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * The sidecars' discovery service without a network. The token of a pod is its name; every pod is
 * in namespace {@code shop}.
 */
final class InProcessXds implements AutoCloseable {

  static final Duration TOKEN_LIFE = Duration.ofMinutes(10);
  static final Duration ACKNOWLEDGEMENT = Duration.ofSeconds(45);

  final ResourceStore store = new ResourceStore();
  final DeliveryLedger ledger = new DeliveryLedger();
  final SettableClock clock = new SettableClock();
  final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  final StreamSweeper sweeper;

  final IssuedSecrets secrets = new IssuedSecrets();
  private final Map<String, GroupKey> groups = new ConcurrentHashMap<>();
  private final List<ManagedChannel> channels = new ArrayList<>();
  private final String name = InProcessServerBuilder.generateName();
  private final Server server;

  InProcessXds() {
    var executor = Executors.newVirtualThreadPerTaskExecutor();
    var metrics = new XdsMetrics(registry, "portcullis.xds");
    PeerGroups assigned = peer -> Optional.ofNullable(groups.get(peer.pod()));
    var context = new StreamContext(store, assigned, secrets, ledger, metrics, executor, clock);
    sweeper = new StreamSweeper(context, ACKNOWLEDGEMENT);
    server =
        InProcessServerBuilder.forName(name)
            .executor(executor)
            .addService(
                ServerInterceptors.intercept(
                    new DeltaAdsService(context),
                    new BearerAuthentication(this::authenticate, metrics, clock)))
            .build();
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private PeerAuthenticator.Verdict authenticate(String token) {
    return switch (token) {
      case "forged" -> new PeerAuthenticator.Verdict.Refused("forged");
      case "unlucky" -> new PeerAuthenticator.Verdict.Unavailable("the API server is away");
      case String pod ->
          new PeerAuthenticator.Verdict.Authenticated(peer(pod), clock.instant().plus(TOKEN_LIFE));
    };
  }

  static Peer peer(String pod) {
    return new Peer("shop", pod, "uid-of-" + pod, pod);
  }

  /** From the next message or {@link Xds#regroup} on. */
  void assign(String pod, String group) {
    groups.put(pod, new GroupKey(group));
  }

  void put(String group, EnvoyResources resources) {
    store.put(new GroupKey(group), ResourceSet.of(resources));
  }

  void regroup(String pod) {
    ledger.stream("uid-of-" + pod).ifPresent(DeltaStream::changed);
  }

  Delivery delivery(String pod) {
    return ledger.delivery("uid-of-" + pod);
  }

  double counted(String meter) {
    return registry.find(meter).counters().stream().mapToDouble(c -> c.count()).sum();
  }

  ManagedChannel channel() {
    var channel = InProcessChannelBuilder.forName(name).build();
    channels.add(channel);
    return channel;
  }

  ManagedChannel channelWithToken(String token) {
    var headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
    var channel =
        InProcessChannelBuilder.forName(name)
            .intercept(MetadataUtils.newAttachHeadersInterceptor(headers))
            .build();
    channels.add(channel);
    return channel;
  }

  /** A condition that holds as soon as all threads had their turn, on however busy a machine. */
  static ConditionFactory soon() {
    return Awaitility.await().atMost(Duration.ofSeconds(60));
  }

  /** A stream that has taken the place of the pod's earlier one: what is seen is its doing. */
  DeltaClient reconnect(String pod) {
    var earlier = ledger.stream("uid-of-" + pod);
    var client = connect(pod);
    soon().until(() -> !ledger.stream("uid-of-" + pod).equals(earlier));
    return client;
  }

  /** A well-behaved proxy of this pod. */
  DeltaClient connect(String pod) {
    return DeltaClient.connect(channelWithToken(pod), "shop/" + pod);
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    server.shutdownNow();
  }
}
