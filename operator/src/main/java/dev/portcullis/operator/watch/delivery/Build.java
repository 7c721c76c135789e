package dev.portcullis.operator.watch.delivery;

import dev.portcullis.bootstrap.contract.KeyDelivery;
import dev.portcullis.operator.intent.Inbound.Capture;
import dev.portcullis.operator.watch.cluster.ObservedPod;
import java.util.Arrays;
import java.util.List;

/** What sidecars of one policy may differ in, for as long as their pods live. */
public record Build(Capture capture, KeyDelivery keys) {
  static Build of(ObservedPod.Sidecar sidecar) {
    return new Build(sidecar.capture(), sidecar.keys());
  }

  static List<Build> all() {
    return Arrays.stream(Capture.values())
        .flatMap(
            capture -> Arrays.stream(KeyDelivery.values()).map(keys -> new Build(capture, keys)))
        .toList();
  }
}
