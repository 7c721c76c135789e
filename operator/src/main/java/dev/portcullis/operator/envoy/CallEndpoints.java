package dev.portcullis.operator.envoy;

import com.google.protobuf.Struct;
import com.google.protobuf.util.Values;
import dev.portcullis.operator.intent.Call;
import dev.portcullis.operator.intent.CalledPod;
import dev.portcullis.operator.intent.SpiffeId;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import java.util.List;

/**
 * Where the pods of a called backend are, each with the identity that it must prove. A pod that
 * comes or goes changes this and no configuration.
 */
public final class CallEndpoints {

  private static final String SOCKET_MATCH = "envoy.transport_socket_match";
  private static final String IDENTITY = "identity";

  /**
   * The name under which the call's cluster asks for them. It differs where the identities do: a
   * proxy is told of no pod whose identity its cluster cannot check yet.
   */
  public static String name(Call call) {
    var identities = call.identities().stream().map(identity -> Values.of(identity.uri())).toList();
    return call.backend() + "/" + ContentHash.of(identities);
  }

  /** Those of these pods that the call's cluster can check, by address. */
  public static ClusterLoadAssignment of(Call call, List<CalledPod> pods) {
    var all = LocalityLbEndpoints.newBuilder();
    pods.stream()
        .filter(pod -> call.identities().contains(pod.identity()))
        .sorted()
        .map(CallEndpoints::endpoint)
        .forEach(all::addLbEndpoints);
    return ClusterLoadAssignment.newBuilder().setClusterName(name(call)).addEndpoints(all).build();
  }

  /** What an endpoint carries, and what the cluster's sockets look for. */
  static Struct mark(SpiffeId identity) {
    return Struct.newBuilder().putFields(IDENTITY, Values.of(identity.uri())).build();
  }

  private static LbEndpoint endpoint(CalledPod pod) {
    var socket = SocketAddress.newBuilder().setAddress(pod.address()).setPortValue(pod.port());
    return LbEndpoint.newBuilder()
        .setEndpoint(
            Endpoint.newBuilder().setAddress(Address.newBuilder().setSocketAddress(socket)))
        .setMetadata(Metadata.newBuilder().putFilterMetadata(SOCKET_MATCH, mark(pod.identity())))
        .build();
  }

  private CallEndpoints() {}
}
