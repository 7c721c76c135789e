package dev.portcullis.operator.xds;

import com.google.protobuf.util.Durations;
import dev.portcullis.operator.envoy.EnvoyResources;
import dev.portcullis.operator.envoy.EnvoyTranslator;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.intent.BackendKey;
import dev.portcullis.operator.intent.Call;
import dev.portcullis.operator.intent.SpiffeId;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Configurations that call another backend, and where that backend is. */
final class Called {

  static final String CLUSTER = "call/payments";
  static final String ENDPOINTS = "payments/payments/1";

  /** The same with a cluster that asks for {@link #ENDPOINTS}. */
  static EnvoyResources by(Resources caller, int connectSeconds) {
    var resources = caller.build();
    var clusters = new ArrayList<>(resources.clusters());
    clusters.add(cluster(connectSeconds));
    return new EnvoyResources(
        resources.version() + connectSeconds,
        resources.listener(),
        resources.http3(),
        resources.routes(),
        clusters,
        resources.calls());
  }

  /** With real listeners: calls by their ports of loopback. */
  static EnvoyResources through(Map<String, Integer> ports) {
    var sample = Intents.sample(8080, 8443, Intents.NONE);
    var calls = new ArrayList<Call>();
    new TreeMap<>(ports).forEach((name, port) -> calls.add(call(name, port)));
    var clusters = calls.stream().map(call -> "call/" + call.name()).toArray(String[]::new);
    var rest = Resources.answering(ports.toString()).onPort(0).withClusters(clusters).build();
    return new EnvoyResources(
        rest.version(),
        rest.listener(),
        rest.http3(),
        rest.routes(),
        rest.clusters(),
        new EnvoyTranslator().translate(Intents.calls(calls).apply(sample)).calls());
  }

  private static Call call(String name, int port) {
    var second = Duration.ofSeconds(1);
    return new Call(
        name,
        port,
        new BackendKey("shop", name),
        List.of(new SpiffeId("spiffe://mesh.example/ns/shop/sa/" + name)),
        second,
        second,
        new Call.Retries(0, Optional.empty(), List.of(), Call.Methods.SAFE, 20),
        new Call.Ejection(5, second, 50),
        Call.Balancing.LEAST_REQUEST);
  }

  static ClusterLoadAssignment at(String name, int... ports) {
    var locality = LocalityLbEndpoints.newBuilder();
    for (var port : ports) {
      var socket = SocketAddress.newBuilder().setAddress("127.0.0.1").setPortValue(port);
      locality.addLbEndpoints(
          LbEndpoint.newBuilder()
              .setEndpoint(
                  Endpoint.newBuilder().setAddress(Address.newBuilder().setSocketAddress(socket))));
    }
    return ClusterLoadAssignment.newBuilder().setClusterName(name).addEndpoints(locality).build();
  }

  private static Cluster cluster(int connectSeconds) {
    var ads =
        ConfigSource.newBuilder()
            .setResourceApiVersion(ApiVersion.V3)
            .setAds(AggregatedConfigSource.getDefaultInstance());
    return Cluster.newBuilder()
        .setName(CLUSTER)
        .setType(Cluster.DiscoveryType.EDS)
        .setConnectTimeout(Durations.fromSeconds(connectSeconds))
        .setEdsClusterConfig(
            Cluster.EdsClusterConfig.newBuilder().setEdsConfig(ads).setServiceName(ENDPOINTS))
        .build();
  }

  private Called() {}
}
