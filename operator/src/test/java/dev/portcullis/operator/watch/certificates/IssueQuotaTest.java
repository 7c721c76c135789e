package dev.portcullis.operator.watch.certificates;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.watch.clients.HandClock;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IssueQuotaTest {

  private final HandClock clock = new HandClock(Instant.parse("2026-11-22T12:00:00Z"));
  private final IssueQuota quota = new IssueQuota(3, Duration.ofMinutes(1), clock::nanos);

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

  @Test
  void aJumpOfTheClockNeitherGivesANewShareNorTakesOneAway() {
    taken("orders", 3);
    clock.jump(Duration.ofDays(1));
    assertThat(taken("orders", 5)).isZero();

    clock.jump(Duration.ofDays(-2));
    clock.pass(Duration.ofMinutes(1));
    assertThat(taken("orders", 5)).isEqualTo(3);
  }

  @Test
  void oneCauseTakesOnceHoweverOftenItAsks() {
    assertThat(IntStream.range(0, 9).allMatch(i -> quota.tryTake("orders", "first"))).isTrue();
    assertThat(taken("orders", 5)).isEqualTo(2);
    assertThat(quota.tryTake("orders", "first")).isTrue();
  }

  @Test
  void whatOthersHaveGivenCountsEvenOverTheShare() {
    for (var i = 0; i < 5; i++) {
      quota.take("orders", "of another " + i);
      clock.pass(Duration.ofSeconds(10));
    }
    assertThat(taken("orders", 1)).isZero();

    // 5 s after the third of them has left the window
    clock.pass(Duration.ofSeconds(35));
    assertThat(taken("orders", 5)).isEqualTo(1);
  }

  @Test
  void whatCameToNothingIsGivenBack() {
    taken("orders", 2);
    quota.tryTake("orders", "denied");
    quota.giveBack("orders", "denied");

    assertThat(quota.tryTake("orders", "next")).isTrue();
    assertThat(quota.tryTake("orders", "denied")).isFalse();
  }

  private long taken(String pod, int attempts) {
    return IntStream.range(0, attempts).filter(i -> quota.tryTake(pod)).count();
  }
}
