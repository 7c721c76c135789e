package dev.portcullis.operator.watch.jwks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.watch.jwks.FetchOutcome.Failed;
import dev.portcullis.operator.watch.jwks.FetchOutcome.Fetched;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CourseTest {

  private static final Duration INTERVAL = Duration.ofMinutes(5);
  private static final FetchOutcome GOOD = new Fetched(List.of(), 0);
  private static final FetchOutcome BAD = new Failed("TooSlow", "It is.");

  private static long at(Duration time) {
    return time.toNanos();
  }

  private static Course unknown() {
    var course = new Course(0, Optional.empty());
    course.wants(INTERVAL);
    return course;
  }

  private static void assertWaits(Course course, Duration longest) {
    assertThat(course.isDue(at(longest.multipliedBy(89).dividedBy(100)))).isFalse();
    assertThat(course.isDue(at(longest))).isTrue();
  }

  @Test
  void whatIsNotKnownIsAskedAtOnceAndThenEveryInterval() {
    var course = unknown();
    assertThat(course.isDue(0)).isTrue();

    course.begin();
    assertThat(course.isDue(at(INTERVAL))).isFalse();
    course.end(GOOD, 0);

    assertWaits(course, INTERVAL);
  }

  @Test
  void whatWasStoredIsAskedWhenItWouldHaveBeen() {
    var young = new Course(0, Optional.of(Duration.ofMinutes(2)));
    young.wants(INTERVAL);
    var old = new Course(0, Optional.of(Duration.ofDays(2)));
    old.wants(INTERVAL);
    var fromTheFuture = new Course(0, Optional.of(Duration.ofDays(-2)));
    fromTheFuture.wants(INTERVAL);

    assertThat(young.isDue(at(Duration.ofMinutes(2)))).isFalse();
    assertThat(young.isDue(at(Duration.ofMinutes(3)))).isTrue();
    assertThat(old.isDue(0)).isTrue();
    assertWaits(fromTheFuture, INTERVAL);
  }

  @Test
  void failuresAreTriedAgainEverLaterUpToTheInterval() {
    var course = unknown();

    for (var seconds : List.of(5, 10, 20, 40, 80, 160, 300, 300)) {
      course.end(BAD, 0);
      assertWaits(course, Duration.ofSeconds(seconds));
    }
    for (var more = 0; more < 100; more++) {
      course.end(BAD, 0);
    }
    assertWaits(course, INTERVAL);
    course.end(GOOD, 0);
    course.end(BAD, 0);
    assertWaits(course, Duration.ofSeconds(5));
  }

  @Test
  void theThirdFailureInARowIsTold() {
    var course = unknown();
    assertThat(course.hasFailedForLong()).isFalse();
    course.end(BAD, 0);
    assertThat(course.hasFailedForLong()).isFalse();
    course.end(BAD, 0);

    assertThat(course.hasFailedForLong()).isTrue();
    course.end(GOOD, 0);
    assertThat(course.hasFailedForLong()).isFalse();
  }

  @Test
  void aShorterIntervalCountsAtOnce() {
    var course = unknown();
    course.end(GOOD, 0);

    course.wants(Duration.ofMinutes(1));

    assertWaits(course, Duration.ofMinutes(1));
    course.wants(Duration.ofHours(1));
    assertWaits(course, Duration.ofMinutes(1));
  }
}
