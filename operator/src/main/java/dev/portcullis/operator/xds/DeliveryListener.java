package dev.portcullis.operator.xds;

/** Learns that {@link Xds#delivery} of a pod changed. */
@FunctionalInterface
public interface DeliveryListener {

  /**
   * The delivery to {@code peer} changed: read it. Calls for one pod may come out of order and from
   * several threads; they must not block.
   */
  void deliveryChanged(Peer peer);
}
