package dev.portcullis.operator.xds;

import dev.portcullis.operator.envoy.EnvoyResources;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a configuration into the store once the canary took it. One check at a time, one waiting
 * candidate per group, the newest. With no canary for longer than a grace, candidates go out
 * unchecked (their proxies still keep what they had if they refuse); but one that a canary had when
 * it was lost stays back until a canary takes it, and is rejected when it costs another.
 */
final class CanaryGate {

  private static final Logger LOG = LoggerFactory.getLogger(CanaryGate.class);

  private record Candidate(
      GroupKey group,
      EnvoyResources resources,
      ResourceSet contents,
      int canariesLost,
      CompletableFuture<PublishOutcome> outcome) {

    Candidate afterLoss() {
      return new Candidate(group, resources, contents, canariesLost + 1, outcome);
    }
  }

  private final Canary canary;
  private final ResourceStore store;
  private final Duration grace;
  private final CanaryMetrics metrics;

  // Guarded by this.
  private final Map<GroupKey, Candidate> waiting = new LinkedHashMap<>();
  private Candidate checked;
  private long awaySince = System.nanoTime();
  private Presence presence = Presence.AWAY;

  private final Executor executor;
  private final Thread worker;

  CanaryGate(Canary canary, ResourceStore store, CanaryMetrics metrics, Settings settings) {
    this.canary = canary;
    this.store = store;
    this.metrics = metrics;
    this.grace = settings.grace();
    this.executor = settings.executor();
    canary.onConnection(this::connectionChanged);
    worker = Thread.ofVirtual().name("portcullis-canary-gate").unstarted(this::work);
  }

  /** {@code executor} runs what depends on an outcome. */
  record Settings(Duration grace, Executor executor) {}

  void start() {
    synchronized (this) {
      awaySince = System.nanoTime();
    }
    worker.start();
  }

  void stop() {
    worker.interrupt();
    synchronized (this) {
      waiting.values().forEach(candidate -> candidate.outcome().completeExceptionally(stopped()));
      waiting.clear();
    }
  }

  private static CancellationException stopped() {
    return new CancellationException("the operator stops");
  }

  CompletionStage<PublishOutcome> submit(GroupKey group, EnvoyResources resources) {
    var contents = ResourceSet.of(resources);
    var outcome = new CompletableFuture<PublishOutcome>();
    var candidate = new Candidate(group, resources, contents, 0, outcome);
    synchronized (this) {
      overtake(group);
      if (!store.resources(group).filter(contents::equals).isPresent()) {
        waiting.put(group, candidate);
        notifyAll();
        return outcome;
      }
    }
    metrics.checked(CanaryMetrics.Outcome.UNCHANGED);
    return CompletableFuture.completedFuture(new PublishOutcome.Published(contents.version()));
  }

  /** Takes the group out of the store, and whatever of it is not there yet. */
  synchronized void withdraw(GroupKey group) {
    overtake(group);
    store.remove(group);
  }

  private void overtake(GroupKey group) {
    var overtaken = waiting.remove(group);
    if (overtaken != null) {
      end(overtaken, new PublishOutcome.Superseded(overtaken.resources().version()));
    }
    if (checked != null && checked.group().equals(group)) {
      end(checked, new PublishOutcome.Superseded(checked.resources().version()));
      checked = null;
    }
  }

  private void end(Candidate candidate, PublishOutcome outcome) {
    candidate.outcome().completeAsync(() -> outcome, executor);
  }

  private synchronized void connectionChanged() {
    switch (presence) {
      case HERE -> {
        if (!canary.isConnected()) {
          presence = Presence.AWAY;
          awaySince = System.nanoTime();
        }
      }
      case AWAY, AWAY_AND_TOLD -> {
        if (canary.isConnected()) {
          presence = Presence.HERE;
        }
      }
    }
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
      var next = eligible();
      while (next.isEmpty()) {
        waitForChange();
        next = eligible();
      }
      checked = waiting.remove(next.get().group());
      return checked;
    }
  }

  private void clearWhenIdle() {
    synchronized (this) {
      if (!waiting.isEmpty()) {
        return;
      }
    }
    canary.clear();
  }

  /** With a canary any may go; without one, after the grace, those that never cost a canary. */
  private Optional<Candidate> eligible() {
    Predicate<Candidate> may =
        canary.isConnected()
            ? candidate -> true
            : candidate -> graceLeft() <= 0 && candidate.canariesLost() == 0;
    return waiting.values().stream().filter(may).findFirst();
  }

  private long graceLeft() {
    return awaySince + grace.toNanos() - System.nanoTime();
  }

  private void waitForChange() throws InterruptedException {
    var graceLeft = graceLeft();
    if (waiting.isEmpty() || canary.isConnected() || graceLeft <= 0) {
      wait();
    } else {
      wait(graceLeft / 1_000_000 + 1);
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
    }
  }

  private void passUnchecked(Candidate candidate) {
    synchronized (this) {
      if (presence == Presence.AWAY) {
        presence = Presence.AWAY_AND_TOLD;
        LOG.atWarn()
            .addKeyValue("group", candidate.group().name())
            .log("no canary is connected: configurations go out unchecked");
      }
    }
    pass(candidate, CanaryMetrics.Outcome.UNCHECKED);
  }

  private synchronized void pass(Candidate candidate, CanaryMetrics.Outcome how) {
    metrics.checked(how);
    if (release(candidate)) {
      store.put(candidate.group(), candidate.contents());
      end(candidate, new PublishOutcome.Published(candidate.contents().version()));
    }
  }

  private synchronized void reject(Candidate candidate, String resource, String message) {
    metrics.checked(CanaryMetrics.Outcome.REFUSED);
    if (release(candidate)) {
      LOG.atWarn()
          .addKeyValue("group", candidate.group().name())
          .addKeyValue("resource", resource)
          .addKeyValue("reason", message)
          .log("canary refused configuration");
      var version = candidate.resources().version();
      end(candidate, new PublishOutcome.Rejected(version, resource, message));
    }
  }

  private synchronized void lost(Candidate candidate, String reason) {
    metrics.checked(CanaryMetrics.Outcome.LOST);
    if (candidate.canariesLost() > 0) {
      reject(candidate, "", "the canary proxy was lost twice while it had it: " + reason);
    } else if (release(candidate)) {
      waiting.put(candidate.group(), candidate.afterLoss());
    }
  }

  /** False when a newer candidate of the group, or a withdrawal, has overtaken this one. */
  private boolean release(Candidate candidate) {
    var current = checked == candidate;
    checked = null;
    return current;
  }

  /** Of the canary; that it is away is logged once. */
  private enum Presence {
    HERE,
    AWAY,
    AWAY_AND_TOLD
  }
}
