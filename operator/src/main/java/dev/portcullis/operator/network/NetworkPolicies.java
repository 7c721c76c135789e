package dev.portcullis.operator.network;

import dev.portcullis.bootstrap.contract.SidecarPorts;
import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.Caller;
import dev.portcullis.operator.intent.Inbound;
import dev.portcullis.operator.intent.Mesh;
import dev.portcullis.operator.names.Labels;
import dev.portcullis.operator.names.Names;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPortBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The firewall rules of one backend, for the network plug-in to enforce. */
public final class NetworkPolicies {

  private NetworkPolicies() {}

  /**
   * What may reach the pods that the policy selects, with or without a sidecar: the listener's port
   * from the callers' places and from the operator, which measures what is served there; that of
   * the metrics from the installation's scrapers; nothing else. Deterministic, sorted, without
   * owner references.
   *
   * <p>The port is the listener's own. A plug-in filters before the pod's network namespace, so it
   * sees the port that the caller dialled, not the one that the redirect inside the pod turns it
   * into.
   *
   * <p>Where HTTP/3 is served, the UDP port of the same number is open to the same places.
   *
   * <p>While the whole policy is in shadow, every pod of the cluster may reach the port: whom it
   * keeps away, nobody counts. Addresses outside are no wider than the callers say.
   *
   * <p>The probe port is not opened: the API counts traffic from a pod's own node as allowed
   * whatever the policies say, and a rule cannot name a node. Opening it to every source would give
   * any pod a way to make the application run its probes.
   *
   * <p>Egress is not restricted. Other UDP and ICMP towards the pods are closed along with the
   * rest.
   *
   * @throws IllegalArgumentException on an address that is no CIDR; the resolver refuses those
   */
  public static List<NetworkPolicy> of(BackendIntent intent) {
    var policy =
        new NetworkPolicyBuilder()
            .withMetadata(metadata(intent))
            .withNewSpec()
            .withPodSelector(Selectors.toKubernetes(intent.selector()))
            .withPolicyTypes("Ingress")
            .withIngress(ingress(intent))
            .endSpec()
            .build();
    return List.of(policy);
  }

  private static ObjectMeta metadata(BackendIntent intent) {
    return new ObjectMetaBuilder()
        .withNamespace(intent.key().namespace())
        .withName(Names.networkPolicyOf(intent.key().name()))
        .addToLabels(Labels.MANAGED_BY, Labels.MANAGED_BY_VALUE)
        .addToLabels(Labels.POLICY, intent.key().name())
        .build();
  }

  private static List<NetworkPolicyIngressRule> ingress(BackendIntent intent) {
    return Stream.of(toListener(intent), toMetrics(intent.mesh())).flatMap(List::stream).toList();
  }

  private static List<NetworkPolicyIngressRule> toMetrics(Mesh mesh) {
    var scrapers = mesh.scrapers().stream().flatMap(pods -> Peers.of(pods).stream()).toList();
    // A rule without peers would mean every source.
    return scrapers.isEmpty()
        ? List.of()
        : List.of(
            new NetworkPolicyIngressRuleBuilder()
                .withPorts(tcp(SidecarPorts.METRICS))
                .withFrom(scrapers)
                .build());
  }

  private static List<NetworkPolicyIngressRule> toListener(BackendIntent intent) {
    var ports = ports(intent.inbound());
    if (anywhere(intent.callers())) {
      return List.of(new NetworkPolicyIngressRuleBuilder().withPorts(ports).build());
    }
    var peers = new ArrayList<>(callers(intent.callers()));
    if (intent.isShadowed()) {
      peers.add(Peers.anyPod());
    }
    peers.addAll(operator(intent.mesh()));
    // A rule without peers would mean every source.
    return peers.isEmpty()
        ? List.of()
        : List.of(new NetworkPolicyIngressRuleBuilder().withPorts(ports).withFrom(peers).build());
  }

  private static boolean anywhere(List<Caller> callers) {
    return callers.stream().anyMatch(caller -> caller.origin() instanceof Caller.Origin.Anywhere);
  }

  private static List<NetworkPolicyPeer> callers(List<Caller> callers) {
    return callers.stream()
        .flatMap(caller -> Peers.of(caller.origin()).stream())
        .distinct()
        .toList();
  }

  private static List<NetworkPolicyPeer> operator(Mesh mesh) {
    return mesh.operator().namespace().map(Peers::operatorIn).stream().toList();
  }

  private static List<NetworkPolicyPort> ports(Inbound inbound) {
    var overTcp = Stream.of(tcp(inbound.port()));
    var overQuic = inbound.http3().map(_ -> of("UDP", inbound.port())).stream();
    return Stream.concat(overTcp, overQuic).toList();
  }

  private static NetworkPolicyPort tcp(int port) {
    return of("TCP", port);
  }

  private static NetworkPolicyPort of(String protocol, int port) {
    return new NetworkPolicyPortBuilder()
        .withProtocol(protocol)
        .withPort(new IntOrString(port))
        .build();
  }
}
