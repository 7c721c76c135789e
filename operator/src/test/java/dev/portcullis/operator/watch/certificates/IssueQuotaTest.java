package dev.portcullis.operator.watch.certificates;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IssueQuotaTest {

  private final HandClock clock = new HandClock();
  private final IssueQuota quota = new IssueQuota(3, clock);

  @Test
  void aPodGetsItsShareOfAMinuteAndNoMore() {
    assertThat(taken("orders", 5)).isEqualTo(3);
  }

  @Test
  void anotherPodHasItsOwn() {
    taken("orders", 5);

    assertThat(taken("payments", 5)).isEqualTo(3);
  }

  @Test
  void theWindowSlides() {
    taken("orders", 2);
    clock.pass(Duration.ofSeconds(40));
    taken("orders", 1);
    clock.pass(Duration.ofSeconds(20));

    assertThat(taken("orders", 5)).isEqualTo(2);
  }

  private long taken(String pod, int attempts) {
    return IntStream.range(0, attempts).filter(i -> quota.tryTake(pod)).count();
  }

  /** A clock that only the test moves. */
  private static final class HandClock extends Clock {
    private Instant now = Instant.parse("2026-11-22T12:00:00Z");

    void pass(Duration duration) {
      now = now.plus(duration);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
