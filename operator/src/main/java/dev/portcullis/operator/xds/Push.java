package dev.portcullis.operator.xds;

import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import java.time.Instant;
import java.util.List;

/** One response, sent and not yet answered. */
record Push(Stamp stamp, ResourceType type, List<Content> contents, List<String> removed) {

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

  DeltaDiscoveryResponse response(String systemVersion) {
    var response =
        DeltaDiscoveryResponse.newBuilder()
            .setTypeUrl(type.typeUrl())
            .setNonce(stamp.nonce())
            .setSystemVersionInfo(systemVersion)
            .addAllRemovedResources(removed);
    contents.forEach(content -> response.addResources(content.message()));
    return response.build();
  }
}
