package dev.portcullis.operator.xds;

import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * One response, sent and not yet answered.
 *
 * @param set what it is a step towards
 */
record Push(
    Stamp stamp, ResourceType type, ResourceSet set, List<Content> contents, List<String> removed) {

  /** What tells one response of a stream from the next, and when it was sent. */
  record Stamp(String nonce, Instant sent) {}

  /**
   * The contents that a refusal means: those it names as Envoy does ({@code name: reason}), or all
   * when it names none.
   */
  List<Content> meantBy(String refusal) {
    var named =
        contents.stream().filter(content -> refusal.contains(content.name() + ":")).toList();
    return named.isEmpty() ? contents : named;
  }

  /** Names of the endpoints that the contents, being clusters, ask for. */
  List<String> endpoints() {
    return contents.stream()
        .map(content -> set.endpoints().get(content.name()))
        .filter(Objects::nonNull)
        .toList();
  }

  Refusal refusal(String message) {
    var resource =
        Stream.concat(meantBy(message).stream().map(Content::name), removed.stream())
            .findFirst()
            .orElse("");
    return new Refusal(resource, message);
  }

  DeltaDiscoveryResponse response() {
    var response =
        DeltaDiscoveryResponse.newBuilder()
            .setTypeUrl(type.typeUrl())
            .setNonce(stamp.nonce())
            .setSystemVersionInfo(set.version())
            .addAllRemovedResources(removed);
    contents.forEach(content -> response.addResources(content.message()));
    return response.build();
  }
}
