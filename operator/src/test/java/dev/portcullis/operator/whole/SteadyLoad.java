package dev.portcullis.operator.whole;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;

/** Asks again and again, on a thread of its own, until it is closed; keeps what was not a 200. */
final class SteadyLoad implements AutoCloseable {

  private static final int OK = 200;

  private final AtomicLong answered = new AtomicLong();
  private final List<String> failures = Collections.synchronizedList(new ArrayList<>());
  private final IntSupplier request;
  private final Thread thread;
  private volatile boolean ended;

  SteadyLoad(IntSupplier request) {
    this.request = request;
    this.thread = Thread.ofPlatform().daemon().name("load").start(this::run);
  }

  long answered() {
    return answered.get();
  }

  List<String> failures() {
    return List.copyOf(failures);
  }

  private void run() {
    while (!ended) {
      var status = request.getAsInt();
      if (status == OK) {
        answered.incrementAndGet();
      } else {
        failures.add("%d after %d answers".formatted(status, answered.get()));
      }
    }
  }

  @Override
  public void close() throws InterruptedException {
    ended = true;
    thread.join();
  }
}
