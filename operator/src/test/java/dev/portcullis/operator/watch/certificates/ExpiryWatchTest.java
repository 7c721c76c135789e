package dev.portcullis.operator.watch.certificates;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.status.Validity;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExpiryWatchTest {

  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  private Optional<Validity> issuing = Optional.of(days(0, 90));
  private final ExpiryWatch watch =
      new ExpiryWatch()
          .over("The root", () -> Optional.of(days(0, 3650)))
          .over("The issuing CA", () -> issuing);

  @Test
  void whatHasMoreThanThreeTenthsLeftIsNoNews() {
    assertThat(watch.look(day(62))).isEmpty();
    assertThat(watch.text(day(62))).isEqualTo("none");
  }

  @Test
  void whatHasLessIsToldOnceAndItsRenewalOnceToo() {
    // When
    var news = watch.look(day(64));

    // Then
    assertThat(news)
        .containsExactly(new StepNews("Warning", "CertificateExpiring", watch.text(day(64))));
    assertThat(watch.text(day(64)))
        .isEqualTo(
            "The issuing CA ends 2026-04-01T00:00:00Z, less than 30 % of its life is left, and it"
                + " was not replaced.");
    assertThat(watch.look(day(65))).isEmpty();

    // When
    issuing = Optional.of(days(65, 155));

    // Then
    assertThat(watch.look(day(66)))
        .containsExactly(
            new StepNews("Normal", "CertificateRenewed", "The issuing CA was renewed."));
    assertThat(watch.look(day(67))).isEmpty();
    assertThat(watch.text(day(67))).isEqualTo("none");
  }

  @Test
  void oneThatHasEndedIsAmongThem() {
    assertThat(watch.text(day(91))).contains("The issuing CA ends");
  }

  private static Instant day(int day) {
    return BEGIN.plus(Duration.ofDays(day));
  }

  private static Validity days(int from, int until) {
    return new Validity(day(from), day(until));
  }
}
