package dev.portcullis.operator.watch.measure;

import dev.portcullis.operator.watch.cluster.ObservedPod;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/** Asks many pods at once. */
final class Crowd {

  /** Enough that one slow pod holds nobody up, and few enough to spare the leader. */
  private static final int AT_ONCE = 64;

  private Crowd() {}

  /** Returns when all have been asked. */
  static <T> List<T> ask(Collection<ObservedPod> pods, Function<ObservedPod, T> question) {
    var slots = new Semaphore(AT_ONCE);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var asked =
          pods.stream()
              .map(
                  pod -> CompletableFuture.supplyAsync(() -> inTurn(slots, pod, question), threads))
              .toList();
      return asked.stream().map(CompletableFuture::join).toList();
    }
  }

  private static <T> T inTurn(Semaphore slots, ObservedPod pod, Function<ObservedPod, T> question) {
    slots.acquireUninterruptibly();
    try {
      return question.apply(pod);
    } finally {
      slots.release();
    }
  }
}
