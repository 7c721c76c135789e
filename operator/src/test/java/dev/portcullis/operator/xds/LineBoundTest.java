package dev.portcullis.operator.xds;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LineBoundTest {

  private final SettableClock clock = new SettableClock();
  private final LineBound lines = new LineBound(clock);

  @Test
  void aLoneLineIsWritten() {
    assertThat(lines.next()).hasValue(0);
  }

  @Test
  void theNextLineTellsHowManyAreMissing() {
    // Given
    lines.next();

    // When
    for (var refused = 0; refused < 1000; refused++) {
      assertThat(lines.next()).isEmpty();
    }
    clock.advance(Duration.ofSeconds(1));

    // Then
    assertThat(lines.next()).hasValue(1000);
    clock.advance(Duration.ofSeconds(1));
    assertThat(lines.next()).hasValue(0);
  }

  @Test
  void aClockThatWasSetBackSilencesNothing() {
    lines.next();
    clock.advance(Duration.ofHours(-1));

    assertThat(lines.next()).hasValue(0);
  }
}
