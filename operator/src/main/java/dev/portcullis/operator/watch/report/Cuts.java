package dev.portcullis.operator.watch.report;

import dev.portcullis.operator.intent.Epoch;
import dev.portcullis.operator.status.PodFacts.Cut;
import dev.portcullis.operator.status.PodFacts.Reading;
import dev.portcullis.operator.status.Revocation;
import dev.portcullis.operator.watch.cluster.ObservedPod;
import dev.portcullis.operator.watch.cluster.ObservedPod.Sidecar;
import dev.portcullis.operator.watch.delivery.BackendState.LastGood;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When each gate was first seen to serve an epoch: from then on older connections are draining
 * there, and when its proxy's drain time is over they are cut.
 */
public final class Cuts {

  private record Seen(Epoch epoch, Instant at) {}

  private final ConcurrentHashMap<String, Seen> seen = new ConcurrentHashMap<>();

  /**
   * What became of a pod's older connections.
   *
   * @param told what the policy's status says already; a policy that was never judged has no older
   *     connections
   */
  Cut in(ObservedPod pod, LastGood good, Optional<Revocation> told, Look look) {
    var wanted = good.judgement().wanted();
    if (told.isEmpty() || told.get().isDone(wanted)) {
      seen.remove(pod.uid());
      return new Cut.Done();
    }
    return pod.sidecar()
        .filter(sidecar -> sidecar.state() == Sidecar.State.STARTED)
        .map(sidecar -> in(pod, sidecar, good, look))
        .orElseGet(Cut.Done::new);
  }

  /** What was measured, and when it is now. */
  record Look(Reading reading, Instant now) {}

  private Cut in(ObservedPod pod, Sidecar sidecar, LastGood good, Look look) {
    var wanted = good.judgement().wanted();
    var version = Optional.ofNullable(good.versions().get(sidecar.capture()));
    if (good.epoch().equals(wanted) && version.equals(versionOf(look.reading()))) {
      seen.compute(
          pod.uid(),
          (uid, old) ->
              old != null && old.epoch.equals(wanted) ? old : new Seen(wanted, look.now()));
    }
    return Optional.ofNullable(seen.get(pod.uid()))
        .filter(first -> first.epoch.equals(wanted))
        .map(first -> first.at.plus(sidecar.drain()).plusSeconds(1).truncatedTo(ChronoUnit.SECONDS))
        .<Cut>map(end -> end.isAfter(look.now()) ? new Cut.Until(end) : new Cut.Done())
        .orElseGet(Cut.Pending::new);
  }

  private static Optional<String> versionOf(Reading reading) {
    return switch (reading) {
      case Reading.Served(var version, var expiry) -> Optional.of(version);
      case Reading.OpenBeside(var version, var expiry, var why) -> Optional.of(version);
      case Reading.NotTaken() -> Optional.empty();
      case Reading.Expired() -> Optional.empty();
      case Reading.Unreachable(var why) -> Optional.empty();
    };
  }
}
