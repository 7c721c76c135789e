package dev.portcullis.operator.xds;

import dev.portcullis.bootstrap.contract.KeyDelivery;

/**
 * The proxies that run the same configuration.
 *
 * @param name for a backend's sidecars: {@code <namespace>/<policy>/<capture>}
 * @param keys where their listeners take keys and roots from
 */
public record GroupKey(String name, KeyDelivery keys) {
  /** Of proxies that read them from files. */
  public GroupKey(String name) {
    this(name, KeyDelivery.KUBELET);
  }
}
