package dev.portcullis.operator.watch.measure;

import dev.portcullis.operator.intent.BackendKey;
import dev.portcullis.operator.watch.cluster.Cluster;
import dev.portcullis.operator.watch.cluster.ObservedPod;
import dev.portcullis.operator.watch.delivery.Backends;
import dev.portcullis.operator.watch.delivery.Groups;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * Keeps the readings fresh while this replica leads: each injected pod is measured at once when
 * something about it changed, again soon while it does not serve what it should, and every half
 * minute otherwise.
 */
public final class MeasurementLoop {

  /** Measurements under way at the same time, over all pods. */
  private static final int AT_ONCE = 32;

  /** What it works on; all of it lives as long as the operator. */
  public record Parts(Cluster cluster, Groups groups, Backends backends, EnforcementProbe probe) {}

  private final Parts parts;
  private final Measurements measurements = new Measurements();
  private final ConcurrentHashMap<String, PodWatch> watches = new ConcurrentHashMap<>();
  private final CopyOnWriteArrayList<Consumer<BackendKey>> listeners = new CopyOnWriteArrayList<>();
  private final Semaphore slots = new Semaphore(AT_ONCE);
  private volatile boolean leading;

  public MeasurementLoop(Parts parts) {
    this.parts = parts;
    parts.cluster().pods().onChange(this::podChanged);
    parts.backends().onChange(this::policyChanged);
  }

  public Measurements measurements() {
    return measurements;
  }

  /** Calls after a reading of one of a policy's pods changed. */
  public void onChange(Consumer<BackendKey> listener) {
    listeners.add(listener);
  }

  /** Begins to measure; nothing happens if it does already. */
  public synchronized void start() {
    leading = true;
    parts.cluster().pods().all().forEach(this::follow);
  }

  /** Ends every measurement; a new leader takes its own. */
  public synchronized void stop() {
    leading = false;
    watches.values().forEach(PodWatch::close);
    watches.clear();
    measurements.clear();
  }

  /** Measures a pod now, for example because its proxy has just acknowledged something. */
  public void nudge(String podUid) {
    var watch = watches.get(podUid);
    if (watch != null) {
      watch.nudge();
    }
  }

  private void podChanged(Optional<ObservedPod> before, Optional<ObservedPod> after) {
    before
        .filter(old -> after.filter(pod -> pod.uid().equals(old.uid())).isEmpty())
        .ifPresent(this::leave);
    after.ifPresent(this::follow);
  }

  private void policyChanged(BackendKey policy) {
    if (leading) {
      parts.groups().podsOf(policy).forEach(pod -> nudge(pod.uid()));
    }
  }

  private void follow(ObservedPod pod) {
    if (!leading) {
      return;
    }
    if (pod.sidecar().isEmpty() || !pod.serves()) {
      leave(pod);
      return;
    }
    watches.computeIfAbsent(pod.uid(), uid -> new PodWatch(() -> measure(pod), slots)).nudge();
  }

  private void leave(ObservedPod pod) {
    var watch = watches.remove(pod.uid());
    if (watch != null) {
      watch.close();
    }
    measurements.forget(pod.uid());
  }

  private void count(ObservedPod pod, Aim aim) {
    aim.shadow()
        .flatMap(_ -> parts.probe().shadow(aim.target()))
        .filter(_ -> leading && watches.containsKey(pod.uid()))
        .ifPresent(counts -> measurements.put(pod.uid(), counts));
  }

  /** What became of it; a pod that cannot be measured now is quiet until something changes. */
  private PodWatch.Outcome measure(ObservedPod known) {
    var pod =
        parts
            .cluster()
            .pods()
            .get(known.namespace(), known.name())
            .filter(found -> found.uid().equals(known.uid()));
    var policy = pod.flatMap(parts.groups()::policyOf);
    var aim = policy.flatMap(parts.backends()::get).flatMap(state -> Aim.at(pod.get(), state));
    if (aim.isEmpty()) {
      return PodWatch.Outcome.SETTLED;
    }
    count(known, aim.get());
    var reading = parts.probe().measure(aim.get().target());
    if (leading && watches.containsKey(known.uid()) && measurements.put(known.uid(), reading)) {
      listeners.forEach(listener -> listener.accept(policy.get()));
    }
    return aim.get().isHitBy(reading) ? PodWatch.Outcome.SETTLED : PodWatch.Outcome.UNSETTLED;
  }
}
