package dev.portcullis.operator.watch.measure;

import com.google.common.net.InetAddresses;
import dev.portcullis.operator.intent.Shadow;
import dev.portcullis.operator.intent.SpiffeId;
import dev.portcullis.operator.status.PodFacts.Reading;
import dev.portcullis.operator.watch.cluster.ObservedPod;
import dev.portcullis.operator.watch.delivery.BackendState;
import java.util.Optional;

/**
 * Where to measure, and what should be found there.
 *
 * @param shadow what of it denies nothing, and counts
 */
record Aim(Target target, String version, Optional<Shadow> shadow) {

  /** Empty while nothing is in force that could be measured. */
  static Optional<Aim> at(ObservedPod pod, BackendState state) {
    if (pod.sidecar().isEmpty() || pod.ip().isEmpty() || state.lastGood().isEmpty()) {
      return Optional.empty();
    }
    var capture = pod.sidecar().get().capture();
    var intent = state.lastGood().get().intent();
    var identity =
        SpiffeId.ofServiceAccount(
            intent.mesh().trustDomain(), pod.namespace(), pod.serviceAccount());
    return Optional.ofNullable(state.lastGood().get().versions().get(capture))
        .map(
            version ->
                new Aim(
                    new Target(
                        InetAddresses.forString(pod.ip().get()),
                        identity,
                        intent.inbound().port(),
                        intent.inbound().http3().map(_ -> intent.inbound().port()),
                        intent.application().port(),
                        capture),
                    version,
                    intent.shadow()));
  }

  boolean isHitBy(Reading reading) {
    return reading instanceof Reading.Served served && served.version().equals(version);
  }
}
