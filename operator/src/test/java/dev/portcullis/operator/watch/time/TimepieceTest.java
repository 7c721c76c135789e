package dev.portcullis.operator.watch.time;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.watch.clients.HandClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimepieceTest {

  private static final Instant START = Instant.parse("2026-11-22T12:00:00Z");

  private final HandClock own = new HandClock(START);
  private final HandClock apiServer = new HandClock(START);
  private final Timepiece time = new Timepiece(own, own::nanos);

  @Test
  void clocksThatAgreeAreReliedOn() {
    look();
    pass(Duration.ofMinutes(1));
    look();

    assertThat(time.doubt()).isEmpty();
    assertThat(time.instant()).isEqualTo(own.instant());
    assertThat(time.skew()).contains(Duration.ZERO);
  }

  @ParameterizedTest
  @ValueSource(longs = {-90_000, -300, -60, 60, 300, 90_000})
  void whereTheyDifferTheApiServerIsRight(long seconds) {
    own.jump(Duration.ofSeconds(seconds));
    look();
    pass(Duration.ofMinutes(5));

    assertThat(time.instant()).isEqualTo(apiServer.instant());
    assertThat(time.skew()).contains(Duration.ofSeconds(seconds));
  }

  @Test
  void fiveMinutesApartIsToldAndHarmsNothing() {
    own.jump(Duration.ofMinutes(5));
    look();
    assertThat(time.doubt()).isEmpty();

    own.jump(Duration.ofMinutes(2));
    assertThat(time.doubt()).contains("This replica's clock is 7 min ahead of the API server's.");
    own.jump(Duration.ofMinutes(-14));
    assertThat(time.doubt()).contains("This replica's clock is 7 min behind the API server's.");
  }

  @Test
  void aJumpOfTheApiServersClockIsNotReliedOnBeforeItHasGoneEvenlyForAWhile() {
    // Given a machine that both clocks are read from
    look();
    pass(Duration.ofMinutes(1));

    // When it is set ten years ahead
    jump(Duration.ofDays(3650));
    look();

    // Then
    assertThat(time.doubt()).get().asString().contains("jumped by PT87600H");
    pass(Timepiece.SETTLING.minusSeconds(1));
    look();
    assertThat(time.doubt()).isPresent();

    // When it is set back, then it is counted anew
    jump(Duration.ofDays(-3650));
    look();
    pass(Timepiece.SETTLING.minusSeconds(1));
    look();
    assertThat(time.doubt()).get().asString().contains("jumped by PT-87600H");
    pass(Duration.ofSeconds(1));
    look();
    assertThat(time.doubt()).isEmpty();
  }

  @Test
  void aJumpIsNoticedWithoutTheApiServerToo() {
    time.look(Optional.empty());
    pass(Duration.ofMinutes(1));
    own.jump(Duration.ofHours(13));
    time.look(Optional.empty());

    assertThat(time.doubt()).isPresent();
    assertThat(time.instant()).isEqualTo(own.instant());
  }

  @Test
  void aReplicaThatHasJustStartedReliesOnNoClockUnasked() {
    assertThat(time.doubt()).contains("The API server has not been asked for its time yet.");
  }

  @Test
  void whatTheApiServerSaidLongAgoIsForgotten() {
    own.jump(Duration.ofHours(1));
    look();
    pass(Duration.ofMinutes(10));

    assertThat(time.skew()).isEmpty();
    assertThat(time.instant()).isEqualTo(own.instant());
  }

  private void look() {
    time.look(Optional.of(apiServer.instant()));
  }

  private void pass(Duration duration) {
    own.pass(duration);
    apiServer.pass(duration);
  }

  private void jump(Duration duration) {
    own.jump(duration);
    apiServer.jump(duration);
  }
}
