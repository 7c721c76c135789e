package dev.portcullis.operator.watch.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.status.Validity;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class SoonestExpiriesTest {

  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final String METRIC = "portcullis.policy.certificate.expiry.timestamp";

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final SoonestExpiries expiries =
      new SoonestExpiries(
          registry, new SoonestExpiries.Kind("pod", METRIC, "policy"), InstantSource.fixed(NOW));

  @Test
  void eachIsNamedAndTheFirstOfAllIsOneGauge() {
    expiries.saw("shop", "orders", day(12));
    expiries.saw("shop", "carts", day(6));

    assertThat(end("orders")).isEqualTo(NOW.plus(Duration.ofHours(12)).getEpochSecond());
    assertThat(first("portcullis.certificate.expiry.timestamp"))
        .isEqualTo(NOW.plus(Duration.ofHours(6)).getEpochSecond());
    assertThat(first("portcullis.certificate.life.left")).isEqualTo(0.25);
  }

  @Test
  void whatIsRenewedOrGoneIsNotTheFirstAnyMore() {
    expiries.saw("shop", "orders", day(12));
    expiries.saw("shop", "carts", day(6));
    expiries.saw("shop", "carts", day(24));
    assertThat(first("portcullis.certificate.life.left")).isEqualTo(0.5);

    expiries.forget("shop", "orders");
    assertThat(first("portcullis.certificate.life.left")).isEqualTo(1);
    assertThat(registry.find(METRIC).gauges()).hasSize(1);

    expiries.clear();
    assertThat(first("portcullis.certificate.life.left")).isNaN();
    assertThat(registry.find(METRIC).gauges()).isEmpty();
  }

  @Test
  void howeverManyThereAreNoMoreThanAHundredAreNamed() {
    for (var i = 0; i < 1_000; i++) {
      expiries.saw("shop", "policy-" + i, day(20));
    }

    assertThat(registry.find(METRIC).gauges()).hasSize(SoonestExpiries.MOST);
    expiries.saw("shop", "last", day(1));
    assertThat(first("portcullis.certificate.expiry.timestamp"))
        .isEqualTo(NOW.plus(Duration.ofHours(1)).getEpochSecond());
  }

  private double end(String policy) {
    return registry.get(METRIC).tag("policy", policy).gauge().value();
  }

  private double first(String name) {
    return registry.get(name).tag("name", "pod").gauge().value();
  }

  /** Of a day's life, so many hours before its end. */
  private static Validity day(int hoursLeft) {
    var end = NOW.plus(Duration.ofHours(hoursLeft));
    return new Validity(end.minus(Duration.ofDays(1)), end);
  }
}
