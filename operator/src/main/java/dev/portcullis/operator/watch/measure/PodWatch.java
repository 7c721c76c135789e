package dev.portcullis.operator.watch.measure;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Measures one pod again and again, on a virtual thread of its own. */
final class PodWatch {

  private static final Logger LOG = LoggerFactory.getLogger(PodWatch.class);

  private static final Duration ROUTINE = Duration.ofSeconds(30);
  private static final Duration FIRST_RETRY = Duration.ofMillis(50);

  /** How a measurement ended. */
  enum Outcome {
    /** As it should be, or nothing to measure: look again as a routine. */
    SETTLED,
    /** Not as it should be: look again soon, then ever later. */
    UNSETTLED
  }

  private final Supplier<Outcome> measure;
  private final Semaphore slots;
  private final Semaphore wake = new Semaphore(0);
  private final Thread thread;

  PodWatch(Supplier<Outcome> measure, Semaphore slots) {
    this.measure = measure;
    this.slots = slots;
    this.thread = Thread.ofVirtual().name("measure").start(this::run);
  }

  void nudge() {
    wake.release();
  }

  void close() {
    thread.interrupt();
  }

  private void run() {
    var retry = FIRST_RETRY;
    var pause = ROUTINE;
    try {
      while (true) {
        if (wake.tryAcquire(jittered(pause), TimeUnit.MILLISECONDS)) {
          wake.drainPermits();
          retry = FIRST_RETRY;
        }
        pause =
            switch (once()) {
              case SETTLED -> ROUTINE;
              case UNSETTLED -> retry;
            };
        retry = longer(retry);
      }
    } catch (InterruptedException closed) {
      LOG.trace("A pod is not measured any more");
    }
  }

  private Outcome once() throws InterruptedException {
    slots.acquire();
    try {
      return measure.get();
    } catch (RuntimeException broken) {
      LOG.error("A measurement failed", broken);
      return Outcome.UNSETTLED;
    } finally {
      slots.release();
    }
  }

  private static Duration longer(Duration retry) {
    var twice = retry.multipliedBy(2);
    return twice.compareTo(ROUTINE) < 0 ? twice : ROUTINE;
  }

  /** Up to a fifth shorter, so that pods that start together drift apart. */
  private static long jittered(Duration pause) {
    var millis = pause.toMillis();
    return millis - ThreadLocalRandom.current().nextLong(millis / 5 + 1);
  }
}
