package dev.portcullis.bootstrap.render;

import dev.portcullis.bootstrap.contract.AppProbe;
import dev.portcullis.bootstrap.contract.Capture;
import dev.portcullis.bootstrap.contract.KeyDelivery;
import dev.portcullis.bootstrap.contract.Metrics;
import java.util.List;

/** Everything that makes one sidecar's bootstrap differ from another's. */
public record SidecarSettings(
    Pod pod,
    Xds xds,
    KeyDelivery keys,
    Inbound inbound,
    Budget budget,
    List<AppProbe> probes,
    Metrics metrics,
    Layout layout) {

  /** The pod, and the policy that selected it at injection. */
  public record Pod(String namespace, String name, String uid, String policy) {}

  /** The operator's discovery service; {@code identity} is the SPIFFE id it must present. */
  public record Xds(String host, int port, String identity) {}

  /** How connections come in; {@code port} is the listener's at injection. */
  public record Inbound(Capture capture, int port, Families families) {}

  /** Address families of the pod's network namespace. */
  public enum Families {
    IPV4,
    DUAL
  }

  /** Memory limit of Envoy's container in bytes, and open inbound connections at most. */
  public record Budget(long memoryBytes, long connections) {}

  public SidecarSettings {
    probes = List.copyOf(probes);
  }
}
