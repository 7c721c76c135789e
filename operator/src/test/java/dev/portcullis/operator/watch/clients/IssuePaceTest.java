package dev.portcullis.operator.watch.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.watch.clients.IssuePace.Setback;
import dev.portcullis.operator.watch.clients.Outcome.Hindrance;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IssuePaceTest {

  private static final Setback REFUSED = new Setback(Hindrance.WriteRefused, "no");

  private final HandClock clock = new HandClock(Instant.parse("2026-11-22T12:00:00Z"));
  private final IssuePace pace = new IssuePace(clock::nanos);

  @Test
  void anObjectGetsItsShareOfAnHourAndNoMore() {
    assertThat(taken("a")).isEqualTo(IssuePace.PER_WINDOW);
    assertThat(taken("b")).isEqualTo(IssuePace.PER_WINDOW);

    clock.pass(IssuePace.WINDOW.minusSeconds(1));
    assertThat(taken("a")).isZero();
    clock.pass(Duration.ofSeconds(1));
    assertThat(taken("a")).isEqualTo(IssuePace.PER_WINDOW);
  }

  @Test
  void eachFailedWriteWaitsTwiceAsLongUpToFiveMinutes() {
    for (var seconds : new int[] {20, 40, 80, 160, 300, 300}) {
      pace.failed("a", REFUSED);
      clock.pass(Duration.ofSeconds(seconds - 1));
      assertThat(pace.setback("a")).contains(REFUSED);
      clock.pass(Duration.ofSeconds(1));
      assertThat(pace.setback("a")).isEmpty();
    }
    assertThat(pace.setback("b")).isEmpty();
  }

  @Test
  void aWriteThatSucceedsForgivesTheOnesBefore() {
    pace.failed("a", REFUSED);
    pace.failed("a", REFUSED);
    pace.succeeded("a");
    assertThat(pace.setback("a")).isEmpty();

    pace.failed("a", REFUSED);
    clock.pass(Duration.ofSeconds(20));
    assertThat(pace.setback("a")).isEmpty();
  }

  private long taken(String uid) {
    return IntStream.range(0, 20).filter(i -> pace.tryTake(uid)).count();
  }
}
