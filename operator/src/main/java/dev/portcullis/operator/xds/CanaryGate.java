package dev.portcullis.operator.xds;

import dev.portcullis.operator.envoy.EnvoyResources;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a configuration into the store once the canary took it. One check at a time, one waiting
 * candidate per group, the newest. With no canary for longer than a grace, candidates go out
 * unchecked (their proxies still keep what they had if they refuse); but one that a canary had when
 * it was lost stays back until a canary takes it, and is rejected when it costs another. A canary
 * that is merely silent may be out of processor time: the candidate is tried again behind the
 * others, more often than one that a canary dies of.
 */
final class CanaryGate {

  private static final Logger LOG = LoggerFactory.getLogger(CanaryGate.class);

  private static final int MOST_SILENCES = 6;

  private final Canary canary;
  private final ResourceStore store;
  private final CanaryMetrics metrics;
  private final Executor executor;
  private final Thread worker;

  // Guarded by this.
  private final CandidateQueue queue = new CandidateQueue();
  private final CanaryPresence presence;

  CanaryGate(Canary canary, ResourceStore store, CanaryMetrics metrics, Settings settings) {
    this.canary = canary;
    this.store = store;
    this.metrics = metrics;
    this.executor = settings.executor();
    this.presence = new CanaryPresence(canary, settings.grace());
    canary.onConnection(this::connectionChanged);
    worker = Thread.ofVirtual().name("portcullis-canary-gate").unstarted(this::work);
  }

  /** {@code executor} runs what depends on an outcome. */
  record Settings(Duration grace, Executor executor) {}

  void start() {
    synchronized (this) {
      presence.await();
    }
    worker.start();
  }

  void stop() {
    worker.interrupt();
    synchronized (this) {
      queue.drain().forEach(each -> each.outcome().completeExceptionally(stopped()));
    }
  }

  private static CancellationException stopped() {
    return new CancellationException("the operator stops");
  }

  CompletionStage<PublishOutcome> submit(GroupKey group, EnvoyResources resources) {
    var candidate = Candidate.of(group, resources);
    synchronized (this) {
      overtake(group);
      if (!store.resources(group).filter(candidate.contents()::equals).isPresent()) {
        queue.add(candidate);
        notifyAll();
        return candidate.outcome();
      }
    }
    metrics.checked(CanaryMetrics.Outcome.UNCHANGED);
    return CompletableFuture.completedFuture(new PublishOutcome.Published(candidate.version()));
  }

  /** Takes the group out of the store, and whatever of it is not there yet. */
  synchronized void withdraw(GroupKey group) {
    overtake(group);
    store.remove(group);
  }

  private void overtake(GroupKey group) {
    for (var overtaken : queue.overtake(group)) {
      end(overtaken, new PublishOutcome.Superseded(overtaken.version()));
    }
  }

  private void end(Candidate candidate, PublishOutcome outcome) {
    candidate.outcome().completeAsync(() -> outcome, executor);
  }

  private synchronized void connectionChanged() {
    presence.look();
    notifyAll();
  }

  private void work() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        examine(next());
      }
    } catch (InterruptedException e) {
      LOG.debug("canary gate stopped");
    }
  }

  private void examine(Candidate candidate) throws InterruptedException {
    try {
      if (canary.isConnected()) {
        check(candidate);
      } else {
        passUnchecked(candidate);
      }
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).addKeyValue("group", candidate.group().name()).log("check failed");
      reject(candidate, "", "it could not be checked: " + e);
    }
  }

  private Candidate next() throws InterruptedException {
    clearWhenIdle();
    synchronized (this) {
      while (true) {
        // Read once: a grace that ends between the look and the wait would be slept through.
        var graceLeft = presence.graceLeft();
        var next = queue.next(candidate -> presence.admits(candidate, graceLeft));
        if (next.isPresent()) {
          return next.get();
        }
        waitForChange(graceLeft);
      }
    }
  }

  private void clearWhenIdle() {
    synchronized (this) {
      if (!queue.isEmpty()) {
        return;
      }
    }
    canary.clear();
  }

  private void waitForChange(Duration graceLeft) throws InterruptedException {
    if (queue.isEmpty() || presence.isConnected() || graceLeft.isZero()) {
      wait();
    } else {
      wait(graceLeft.toMillis() + 1);
    }
  }

  private void check(Candidate candidate) throws InterruptedException {
    var began = System.nanoTime();
    var finding = canary.check(candidate.resources());
    metrics.took(Duration.ofNanos(System.nanoTime() - began));
    switch (finding) {
      case Canary.Finding.Accepted() -> pass(candidate, CanaryMetrics.Outcome.ACCEPTED);
      case Canary.Finding.Refused(var resource, var message) ->
          reject(candidate, resource, message);
      case Canary.Finding.Lost(var reason) -> lost(candidate, reason);
      case Canary.Finding.Silent(var waited) -> silent(candidate, waited);
    }
  }

  private void passUnchecked(Candidate candidate) {
    synchronized (this) {
      presence.passedUnchecked(candidate);
    }
    pass(candidate, CanaryMetrics.Outcome.UNCHECKED);
  }

  private synchronized void pass(Candidate candidate, CanaryMetrics.Outcome how) {
    metrics.checked(how);
    if (queue.release(candidate)) {
      store.put(candidate.group(), candidate.contents());
      end(candidate, new PublishOutcome.Published(candidate.version()));
    }
  }

  private synchronized void reject(Candidate candidate, String resource, String message) {
    metrics.checked(CanaryMetrics.Outcome.REFUSED);
    if (queue.release(candidate)) {
      LOG.atWarn()
          .addKeyValue("group", candidate.group().name())
          .addKeyValue("resource", resource)
          .addKeyValue("reason", message)
          .log("canary refused configuration");
      end(candidate, new PublishOutcome.Rejected(candidate.version(), resource, message));
    }
  }

  private synchronized void lost(Candidate candidate, String reason) {
    metrics.checked(CanaryMetrics.Outcome.LOST);
    if (candidate.canariesLost() > 0) {
      reject(candidate, "", "the canary proxy was lost twice while it had it: " + reason);
    } else {
      tryAgain(candidate, candidate.afterLoss());
    }
  }

  private synchronized void silent(Candidate candidate, Duration waited) {
    metrics.checked(CanaryMetrics.Outcome.SILENT);
    var next = candidate.afterSilence();
    if (next.silences() == MOST_SILENCES) {
      reject(
          candidate,
          "",
          "the canary proxy did not answer, %d times within %d s each"
              .formatted(MOST_SILENCES, waited.toSeconds()));
    } else {
      tryAgain(candidate, next);
    }
  }

  /** Behind those that wait. */
  private void tryAgain(Candidate candidate, Candidate next) {
    if (queue.release(candidate)) {
      queue.add(next);
    }
  }
}
