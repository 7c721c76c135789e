package dev.portcullis.operator.watch.delivery;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.bootstrap.contract.KeyDelivery;
import dev.portcullis.operator.intent.BackendKey;
import dev.portcullis.operator.intent.Epoch;
import dev.portcullis.operator.intent.Inbound.Capture;
import dev.portcullis.operator.intent.Mesh;
import dev.portcullis.operator.resolve.DividedRates;
import dev.portcullis.operator.resolve.PolicySelection;
import dev.portcullis.operator.status.Revocation;
import dev.portcullis.operator.watch.cluster.Cluster;
import dev.portcullis.operator.watch.cluster.ObservedPod;
import dev.portcullis.operator.watch.cluster.ObservedPolicy;
import dev.portcullis.operator.watch.documents.Documents;
import dev.portcullis.operator.watch.jwks.KeySets;
import dev.portcullis.operator.watch.outside.Trusts;
import dev.portcullis.operator.xds.Xds;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From a change in the cluster to the sidecars: one thread, one policy at a time, and the waiting
 * for an outcome costs that thread nothing.
 */
public final class FastPath implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(FastPath.class);

  /**
   * What it is made of; all of it lives as long as the operator.
   *
   * @param keys how pods that are created now get their keys
   * @param authorities how often connections were cut because a CA was removed; 0 while unknown
   */
  public record Parts(
      Cluster cluster,
      Groups groups,
      Gate gate,
      Xds xds,
      Mesh mesh,
      Backends backends,
      KeyDelivery keys,
      Trusts trusts,
      KeySets keySets,
      Documents documents,
      IntSupplier authorities) {}

  private final Parts parts;
  private final DirtyKeys<BackendKey> dirty = new DirtyKeys<>();
  private final CalledBackends called;
  private final Translation translation;
  private final AtomicLong roundSince = new AtomicLong();
  private final Thread worker =
      Thread.ofPlatform().name("translator").daemon().unstarted(this::work);

  public FastPath(Parts parts) {
    this.parts = parts;
    this.called = new CalledBackends(parts, dirty::mark);
    this.translation = new Translation(parts, called);
  }

  /**
   * Publishes everything that the cluster holds now, then follows it. Call once the cache has
   * synced.
   */
  public void start() {
    translation.publishClosed();
    called.start();
    parts.cluster().policies().onChange(this::policyChanged);
    parts.cluster().pods().onChange(this::podChanged);
    parts.trusts().onChange(dirty::mark);
    parts.keySets().onChange(dirty::mark);
    parts.documents().onChange(dirty::mark);
    parts.cluster().policies().all().forEach(policy -> dirty.mark(policy.key()));
    worker.start();
  }

  /** What policies call. */
  public CalledBackends called() {
    return called;
  }

  /** To be called when a CA was removed; costs nothing where nothing follows from it. */
  public void authoritiesChanged() {
    var cuts = parts.authorities().getAsInt();
    parts.cluster().policies().all().stream()
        .map(ObservedPolicy::key)
        .filter(
            key ->
                parts
                    .backends()
                    .get(key)
                    .flatMap(BackendState::lastGood)
                    .filter(good -> good.epoch().authorities() < cuts)
                    .isPresent())
        .forEach(dirty::mark);
  }

  /** How long the running round has kept the thread; zero while it waits for work. */
  public Duration busyFor() {
    var since = roundSince.get();
    return since == 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
  }

  public boolean isAlive() {
    return worker.isAlive();
  }

  /** Policies that wait for their round or for its outcome. */
  public int backlog() {
    return dirty.size();
  }

  @Override
  public void close() {
    called.close();
    worker.interrupt();
  }

  private void work() {
    try {
      while (true) {
        round(dirty.take());
      }
    } catch (InterruptedException stopped) {
      LOG.debug("The translator stops");
    }
  }

  private void round(BackendKey key) {
    roundSince.set(System.nanoTime());
    try {
      translation.run(key).whenComplete((done, failure) -> dirty.done(key));
    } catch (RuntimeException | Error broken) {
      LOG.error("The translator failed on {} and goes on", key, broken);
      dirty.done(key);
    } finally {
      roundSince.set(0);
    }
  }

  /** A rival's verdict may hang on this policy, but only where they share a pod. */
  private void policyChanged(Optional<ObservedPolicy> before, Optional<ObservedPolicy> after) {
    var contents = Stream.of(before, after).flatMap(FastPath::content).toList();
    var key = before.or(() -> after).orElseThrow().key();
    if (contents.size() == 2 && contents.getFirst().equals(contents.getLast())) {
      if (!epoch(before).equals(epoch(after))) {
        dirty.mark(key);
      }
      return;
    }
    dirty.mark(key);
    for (var pod : parts.cluster().pods().in(key.namespace())) {
      if (contents.stream().anyMatch(policy -> PolicySelection.selects(policy, pod.labels()))) {
        parts.groups().selecting(pod.namespace(), pod.labels()).forEach(dirty::mark);
        pod.sidecar().ifPresent(sidecar -> parts.xds().regroup(pod.uid()));
      }
    }
  }

  /** What the gate depends on. */
  private static Stream<ApiBackendPolicy> content(Optional<ObservedPolicy> policy) {
    return policy.flatMap(ObservedPolicy::legible).stream();
  }

  private static Optional<Epoch> epoch(Optional<ObservedPolicy> policy) {
    return policy.flatMap(ObservedPolicy::revocation).map(Revocation::epoch);
  }

  private void podChanged(Optional<ObservedPod> before, Optional<ObservedPod> after) {
    if (after.isEmpty() || !sameUid(before, after)) {
      before.ifPresent(pod -> parts.xds().disconnect(pod.uid()));
    }
    if (!CalledPods.look(before).equals(CalledPods.look(after))) {
      Stream.of(before, after)
          .flatMap(pod -> selecting(pod).stream())
          .filter(this::dividesRates)
          .forEach(dirty::mark);
    }
    if (sameMembership(before, after)) {
      return;
    }
    var selecting = new HashSet<>(selecting(before));
    selecting.addAll(selecting(after));
    if (selecting.size() > 1
        || isOfOtherDelivery(after)
        || selecting.stream().anyMatch(policy -> lacksCapture(policy, after))) {
      selecting.forEach(dirty::mark);
    }
    after.filter(pod -> pod.sidecar().isPresent()).ifPresent(p -> parts.xds().regroup(p.uid()));
  }

  private Set<BackendKey> selecting(Optional<ObservedPod> pod) {
    return pod.map(p -> Set.copyOf(parts.groups().selecting(p.namespace(), p.labels())))
        .orElse(Set.of());
  }

  private static boolean sameUid(Optional<ObservedPod> before, Optional<ObservedPod> after) {
    return before.map(ObservedPod::uid).equals(after.map(ObservedPod::uid));
  }

  private static boolean sameMembership(Optional<ObservedPod> before, Optional<ObservedPod> after) {
    return sameUid(before, after)
        && before.map(ObservedPod::labels).equals(after.map(ObservedPod::labels))
        && captureOf(before).equals(captureOf(after));
  }

  /** As another replica injects it, or one did. */
  private boolean isOfOtherDelivery(Optional<ObservedPod> pod) {
    return pod.flatMap(ObservedPod::sidecar)
        .filter(sidecar -> sidecar.keys() != parts.keys())
        .isPresent();
  }

  private boolean dividesRates(BackendKey policy) {
    return parts
        .cluster()
        .policies()
        .get(policy.namespace(), policy.name())
        .flatMap(ObservedPolicy::legible)
        .filter(DividedRates::areIn)
        .isPresent();
  }

  private boolean lacksCapture(BackendKey policy, Optional<ObservedPod> pod) {
    return captureOf(pod)
        .filter(
            capture ->
                parts
                    .backends()
                    .get(policy)
                    .map(state -> !state.outcomes().containsKey(capture))
                    .orElse(true))
        .isPresent();
  }

  private static Optional<Capture> captureOf(Optional<ObservedPod> pod) {
    return pod.flatMap(ObservedPod::sidecar).map(ObservedPod.Sidecar::capture);
  }
}
