package dev.portcullis.operator.watch.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {

  private long now;
  private final Backoff backoff = new Backoff(() -> now);

  @Test
  void letsTheFirstTimePass() {
    assertThat(backoff.before("orders")).isZero();
  }

  @Test
  void makesTheSecondTimeWait() {
    // Given
    backoff.before("orders");
    pass(Duration.ofSeconds(4));

    // Then
    assertThat(backoff.before("orders")).isEqualTo(Duration.ofSeconds(6));
  }

  @Test
  void waitsTwiceAsLongEachTime() {
    // Given
    backoff.before("orders");
    pass(Duration.ofSeconds(10));
    assertThat(backoff.before("orders")).isZero();

    // When
    pass(Duration.ofSeconds(10));

    // Then
    assertThat(backoff.before("orders")).isEqualTo(Duration.ofSeconds(10));
  }

  /** A fight with one write a second for an hour costs few writes, at most one in 10 s. */
  @Test
  void keepsALongFightCheap() {
    // When
    var writes = 0;
    for (var second = 0; second < 3600; second++) {
      writes += backoff.before("orders").isZero() ? 1 : 0;
      pass(Duration.ofSeconds(1));
    }

    // Then
    assertThat(writes).isBetween(10, 20);
  }

  @Test
  void forgivesAfterAQuietTime() {
    // Given
    backoff.before("orders");
    pass(Duration.ofMinutes(11));
    backoff.before("orders");
    pass(Duration.ofSeconds(10));

    // Then
    assertThat(backoff.before("orders")).isZero();
  }

  @Test
  void judgesEachObjectByItself() {
    // Given
    backoff.before("orders");

    // Then
    assertThat(backoff.before("carts")).isZero();
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }
}
