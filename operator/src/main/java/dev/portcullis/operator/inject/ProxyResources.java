package dev.portcullis.operator.inject;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.util.Map;
import java.util.TreeMap;

/** What the proxy asks for and may use; memory grows with the clients that it has to remember. */
record ProxyResources(SidecarTemplate.Proxy proxy, long trackedClients) {

  /** Measured on Envoy; one token bucket and its place in the table. */
  private static final long BYTES_PER_CLIENT = 405;

  private static final long MEBI = 1024 * 1024;

  ResourceRequirements build() {
    return new ResourceRequirementsBuilder()
        .withRequests(grown(proxy.requests()))
        .withLimits(grown(proxy.limits()))
        .build();
  }

  long limitInBytes() {
    return inMebi(proxy.limits().get(SidecarTemplate.MEMORY)) * MEBI;
  }

  private Map<String, Quantity> grown(Map<String, Quantity> quantities) {
    var grown = new TreeMap<>(quantities);
    grown.computeIfPresent(
        SidecarTemplate.MEMORY, (name, memory) -> new Quantity(inMebi(memory) + "Mi"));
    return grown;
  }

  private long inMebi(Quantity memory) {
    var bytes = Quantity.getAmountInBytes(memory).longValue() + trackedClients * BYTES_PER_CLIENT;
    return Math.ceilDiv(bytes, MEBI);
  }
}
