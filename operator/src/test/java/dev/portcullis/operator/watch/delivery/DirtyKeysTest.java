package dev.portcullis.operator.watch.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class DirtyKeysTest {

  private final DirtyKeys<String> keys = new DirtyKeys<>();

  @Test
  void handsOutTheFirstMarkAtOnce() throws InterruptedException {
    // When
    keys.mark("orders");

    // Then
    assertThat(keys.take()).isEqualTo("orders");
  }

  @Test
  void mergesMarksOfAWaitingKey() throws InterruptedException {
    // Given
    keys.mark("orders");
    keys.mark("orders");
    keys.mark("orders");

    // When
    keys.done(keys.take());

    // Then
    assertThat(keys.size()).isZero();
  }

  @Test
  void mergesMarksOfARunningKeyIntoOneFurtherRound() throws InterruptedException {
    // Given
    keys.mark("orders");
    var running = keys.take();
    keys.mark("orders");
    keys.mark("orders");

    // When
    keys.done(running);

    // Then
    assertThat(keys.take()).isEqualTo("orders");
    keys.done("orders");
    assertThat(keys.size()).isZero();
  }

  @Test
  void neverRunsOneKeyTwiceAtATime() throws InterruptedException {
    // Given
    keys.mark("orders");
    keys.take();

    // When
    keys.mark("orders");
    keys.mark("carts");

    // Then
    assertThat(keys.take()).isEqualTo("carts");
    assertThat(keys.size()).isEqualTo(2);
  }

  /** Each mark raises a number that the worker reads: the last number read must be the last set. */
  @Test
  void losesNoMarkWhenManyThreadsMark() throws InterruptedException {
    // Given
    var wanted = new ConcurrentHashMap<String, AtomicInteger>();
    var seen = new ConcurrentHashMap<String, Integer>();
    var worker =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    for (var key = keys.take(); !key.equals("stop"); key = keys.take()) {
                      seen.put(key, wanted.get(key).get());
                      keys.done(key);
                    }
                  } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                  }
                });

    // When
    var markers = new Thread[8];
    for (var i = 0; i < markers.length; i++) {
      markers[i] =
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (var n = 0; n < 10_000; n++) {
                      var key = "policy-" + n % 7;
                      wanted.computeIfAbsent(key, k -> new AtomicInteger()).incrementAndGet();
                      keys.mark(key);
                    }
                  });
    }
    for (var marker : markers) {
      marker.join();
    }
    await().until(() -> keys.size() == 0);
    keys.mark("stop");
    worker.join();

    // Then
    wanted.forEach((key, number) -> assertThat(seen).containsEntry(key, number.get()));
  }
}
