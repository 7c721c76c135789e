package dev.portcullis.operator.watch.certificates;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.watch.clients.HandClock;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IssueQuotaTest {

  private final HandClock clock = new HandClock(Instant.parse("2026-11-22T12:00:00Z"));
  private final IssueQuota quota = new IssueQuota(3, Duration.ofMinutes(1), clock);

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
}
