package dev.portcullis.operator.xds;

import dev.portcullis.operator.envoy.EnvoyResources;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The delivery side of an operator on real ports, with a token table for the API server. */
final class Operator implements AutoCloseable {

  static final String IDENTITY = "spiffe://test/ns/portcullis-system/sa/portcullis-operator";

  /** What outlives a restart of the operator: it is the cluster's. */
  static final class Cluster {
    final TestAuthority authority = new TestAuthority();
    final Map<String, Supplier<PeerAuthenticator.Verdict>> tokens = new ConcurrentHashMap<>();
    final Map<String, GroupKey> groups = new ConcurrentHashMap<>();
    final IssuedSecrets secrets = new IssuedSecrets();
    final Set<String> reviewed = ConcurrentHashMap.newKeySet();

    /** {@code life} begins at each review, so that a slow start does not use it up. */
    void issue(String token, Peer peer, Duration life) {
      tokens.put(
          token, () -> new PeerAuthenticator.Verdict.Authenticated(peer, Instant.now().plus(life)));
    }

    PeerAuthenticator.Verdict review(String token) {
      reviewed.add(token);
      return tokens
          .getOrDefault(token, () -> new PeerAuthenticator.Verdict.Refused("unknown token"))
          .get();
    }

    Optional<GroupKey> groupOf(Peer peer) {
      return Optional.ofNullable(groups.get(peer.pod()));
    }
  }

  final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  final XdsServer server;

  private Operator(XdsServer.Peers peers, XdsSettings settings, Cluster cluster) {
    var keys = cluster.authority.serving(IDENTITY);
    server = new XdsServer(settings, keys, peers, registry);
    server.start();
  }

  /** {@code grace} 0 lets configurations out unchecked at once when no canary is there. */
  static Operator start(Cluster cluster, int port, Duration grace) {
    var settings = new XdsSettings(port, 0, grace, Duration.ofSeconds(10), Duration.ofSeconds(45));
    var peers = new XdsServer.Peers(cluster::review, cluster::groupOf, cluster.secrets);
    return new Operator(peers, settings, cluster);
  }

  PublishOutcome publish(String group, EnvoyResources resources) {
    return server
        .xds()
        .publish(new GroupKey(group), resources)
        .toCompletableFuture()
        .orTimeout(60, TimeUnit.SECONDS)
        .join();
  }

  Delivery delivery(String podUid) {
    return server.xds().delivery(podUid);
  }

  double counted(String meter) {
    return registry.find(meter).counters().stream().mapToDouble(c -> c.count()).sum();
  }

  @Override
  public void close() {
    server.close();
  }
}
