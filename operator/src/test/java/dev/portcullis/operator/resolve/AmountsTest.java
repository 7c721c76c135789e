package dev.portcullis.operator.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.intent.Share;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AmountsTest {

  private final Problems problems = new Problems();
  private final At at = new At("spec.field", problems);

  @ParameterizedTest
  @CsvSource({
    "1ms, PT0.001S",
    "15s, PT15S",
    "1m30s, PT1M30S",
    "1h1m1s1ms, PT1H1M1.001S",
    "24h, PT24H",
    "60s, PT1M",
  })
  void readsDurations(String text, Duration expected) {
    assertThat(Amounts.duration(at, text)).isEqualTo(expected);
    assertThat(problems.isEmpty()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "512, 512",
    "1k, 1000",
    "2M, 2000000",
    "32Ki, 32768",
    "2Mi, 2097152",
    "10Gi, 10737418240",
  })
  void readsBytes(String text, long expected) {
    assertThat(Amounts.bytes(at, text)).isEqualTo(expected);
    assertThat(problems.isEmpty()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "0%, 0",
    "0.0001%, 1",
    "0.05%, 500",
    "1%, 10000",
    "99.9999%, 999999",
    "100%, 1000000",
  })
  void readsShares(String text, int millionths) {
    assertThat(Amounts.share(at, text)).isEqualTo(new Share(millionths));
    assertThat(problems.isEmpty()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "%", "101%", "100.1%", "0.00001%", "-1%", "1.%", ".5%", " 1%"})
  void refusesWhatIsNoShare(String text) {
    assertThat(Amounts.share(at, text)).isEqualTo(Share.NONE);

    assertThat(problems.found()).extracting(Problem::field).containsExactly("spec.field");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0s", "0", "-1s", "1.5s", "1d", "s", "15", " 1s", "1h1m1s1ms1h"})
  void refusesWhatIsNoDuration(String text) {
    Amounts.duration(at, text);

    assertThat(problems.found()).extracting(Problem::field).containsExactly("spec.field");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "0Mi", "-1", "1.5Mi", "2MB", "1e6", "Mi", "12345678901"})
  void refusesWhatIsNoSize(String text) {
    Amounts.bytes(at, text);

    assertThat(problems.found()).extracting(Problem::field).containsExactly("spec.field");
  }
}
