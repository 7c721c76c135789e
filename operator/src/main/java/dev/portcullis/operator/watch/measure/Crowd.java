package dev.portcullis.operator.watch.measure;

import dev.portcullis.operator.identity.rotation.Straggler;
import dev.portcullis.operator.watch.cluster.ObservedPod;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/** Asks many pods at once. */
final class Crowd {

  /** Enough that one slow pod holds nobody up, and few enough to spare the leader. */
  private static final int AT_ONCE = 64;

  private Crowd() {}

  /** Returns when all have been asked; those who fall short, by name. */
  static List<Straggler> ask(
      Collection<ObservedPod> pods, Function<ObservedPod, Optional<Straggler>> question) {
    var slots = new Semaphore(AT_ONCE);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var asked =
          pods.stream()
              .map(
                  pod -> CompletableFuture.supplyAsync(() -> inTurn(slots, pod, question), threads))
              .toList();
      return asked.stream()
          .flatMap(answer -> answer.join().stream())
          .sorted(Comparator.comparing(Straggler::who))
          .toList();
    }
  }

  private static Optional<Straggler> inTurn(
      Semaphore slots, ObservedPod pod, Function<ObservedPod, Optional<Straggler>> question) {
    slots.acquireUninterruptibly();
    try {
      return question.apply(pod);
    } finally {
      slots.release();
    }
  }
}
