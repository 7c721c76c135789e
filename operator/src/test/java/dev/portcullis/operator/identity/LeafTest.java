package dev.portcullis.operator.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LeafTest {

  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  private final Leaf leaf =
      new Leaf(
          new byte[0], "", NOON, NOON.plus(Duration.ofHours(1)), NOON.plus(Duration.ofMinutes(30)));

  @Test
  void isRenewedSoonerWhereAskedTo() {
    assertThat(leaf.renewedWithin(Duration.ofMinutes(10)).beginRefreshAt())
        .isEqualTo(NOON.plus(Duration.ofMinutes(10)));
  }

  @Test
  void isNeverRenewedLaterThanAtHalfItsLife() {
    assertThat(leaf.renewedWithin(Duration.ofMinutes(40))).isSameAs(leaf);
  }
}
