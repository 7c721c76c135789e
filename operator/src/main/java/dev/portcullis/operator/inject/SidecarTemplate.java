package dev.portcullis.operator.inject;

import dev.portcullis.bootstrap.contract.Metrics;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Duration;
import java.util.Map;

/**
 * What an installation decides about all sidecars.
 *
 * @param xds where they find the operator
 * @param credentials how they come by their keys
 * @param metrics whether theirs can be read
 */
public record SidecarTemplate(
    Images images, Proxy proxy, Operator xds, Credentials credentials, Metrics metrics) {

  /**
   * What runs in the pod.
   *
   * @param pullPolicy as in a container; empty for Kubernetes' default
   */
  public record Images(String bootstrap, String envoy, String pullPolicy) {}

  /**
   * Envoy's share of the machine.
   *
   * @param concurrency number of worker threads
   * @param limits must hold {@code memory}, to which that of the tracked clients is added
   */
  public record Proxy(
      int concurrency, Map<String, Quantity> requests, Map<String, Quantity> limits) {

    /**
     * @throws IllegalArgumentException if there is no limit of the memory
     */
    public Proxy {
      requests = Map.copyOf(requests);
      limits = Map.copyOf(limits);
      if (!limits.containsKey(MEMORY)) {
        throw new IllegalArgumentException("The proxy's memory needs a limit.");
      }
    }
  }

  /** How a sidecar comes by its key, its certificate and its roots. */
  public sealed interface Credentials {
    /** The kubelet mounts them; certificates live as long as this, or a little shorter. */
    record Mounted(Duration leafLifetime) implements Credentials {}

    /** The operator sends them; the roots by which it is known are in a ConfigMap. */
    record Streamed() implements Credentials {}
  }

  /**
   * The operator, as sidecars know it.
   *
   * @param address {@code host:port}
   * @param identity SPIFFE id that it must present
   */
  public record Operator(String address, String identity) {}

  static final String MEMORY = "memory";
}
