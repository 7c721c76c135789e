package dev.portcullis.operator.network;

import dev.portcullis.operator.intent.Caller.Origin;
import dev.portcullis.operator.intent.Cidr;
import dev.portcullis.operator.names.Labels;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The places that traffic may come from, in Kubernetes' form. */
final class Peers {

  private Peers() {}

  /** Peers of one caller's place; empty for a place that no peer can narrow down or reach. */
  static List<NetworkPolicyPeer> of(Origin origin) {
    return switch (origin) {
      case Origin.Anywhere() -> List.of();
      case Origin.Pods(var namespaces, var pods) ->
          List.of(
              new NetworkPolicyPeerBuilder()
                  .withNamespaceSelector(Selectors.toKubernetes(namespaces))
                  .withPodSelector(Selectors.toKubernetes(pods))
                  .build());
      case Origin.LocalPods(var pods) ->
          List.of(
              new NetworkPolicyPeerBuilder().withPodSelector(Selectors.toKubernetes(pods)).build());
      case Origin.Addresses addresses -> blocks(addresses);
    };
  }

  /** Of any namespace. */
  static NetworkPolicyPeer anyPod() {
    return new NetworkPolicyPeerBuilder().withNamespaceSelector(new LabelSelector()).build();
  }

  static NetworkPolicyPeer operatorIn(String namespace) {
    return new NetworkPolicyPeerBuilder()
        .withNewNamespaceSelector()
        .withMatchLabels(Map.of(Labels.NAMESPACE_NAME, namespace))
        .endNamespaceSelector()
        .withNewPodSelector()
        .addToMatchLabels(Labels.COMPONENT, Labels.COMPONENT_OPERATOR)
        .addToMatchLabels(Labels.APP, Labels.APP_VALUE)
        .endPodSelector()
        .build();
  }

  private static List<NetworkPolicyPeer> blocks(Origin.Addresses addresses) {
    var excepted = addresses.except().stream().map(Cidr::parse).toList();
    return addresses.cidrs().stream()
        .map(Cidr::parse)
        .flatMap(cidr -> block(cidr, excepted).stream())
        .toList();
  }

  /** The API accepts an exception only strictly inside its block; a block all excepted is none. */
  private static Optional<NetworkPolicyPeer> block(Cidr cidr, List<Cidr> excepted) {
    if (excepted.stream().anyMatch(except -> except.contains(cidr))) {
      return Optional.empty();
    }
    var inside = excepted.stream().filter(cidr::contains).map(Cidr::toString).toList();
    return Optional.of(
        new NetworkPolicyPeerBuilder()
            .withNewIpBlock()
            .withCidr(cidr.toString())
            .withExcept(inside)
            .endIpBlock()
            .build());
  }
}
