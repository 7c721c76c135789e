package dev.portcullis.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.api.v1alpha1.ApiClientCertificateStatus;
import dev.portcullis.operator.status.ClientFacts.Certificate;
import dev.portcullis.operator.status.ClientFacts.Withheld;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClientReportTest {

  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final String EDGE = "spiffe://cluster.local/ns/ingress/sa/edge";
  private static final Optional<Certificate> HELD =
      Optional.of(
          new Certificate(
              NOW, NOW.plus(Duration.ofHours(24)), NOW.plus(Duration.ofHours(12)), "ab", "cd"));
  private static final Optional<Withheld> REFUSED =
      Optional.of(new Withheld("WriteRefused", "Secret edge-client is immutable."));

  @Test
  void aSecretAsItShouldBeIsReadyAndUpToDate() {
    var status = status(facts(HELD, Optional.empty()));

    assertThat(says(status, "Ready")).isEqualTo("True/Issued");
    assertThat(says(status, "UpToDate")).isEqualTo("True/UpToDate");
    assertThat(status.spiffeId()).isEqualTo(EDGE);
    assertThat(status.notAfter()).isEqualTo("2026-11-23T12:00:00Z");
    assertThat(status.renewalTime()).isEqualTo("2026-11-23T00:00:00Z");
    assertThat(status.serialNumber()).isEqualTo("ab");
    assertThat(status.observedGeneration()).isEqualTo(3);
  }

  @Test
  void aRenewalThatWaitsLeavesTheCallerReady() {
    var status = status(facts(HELD, REFUSED));

    assertThat(says(status, "Ready")).isEqualTo("True/Issued");
    assertThat(says(status, "UpToDate")).isEqualTo("False/WriteRefused");
  }

  @Test
  void aCertificateThatWasNotRenewedIsToldUntilItIs() {
    // Given one with less than three tenths of its life left
    var later = NOW.plus(Duration.ofHours(17));

    // When
    var status = ClientReport.of(facts(HELD, REFUSED), status(facts(HELD, REFUSED)), later);

    // Then
    assertThat(says(status, "Expiring")).isEqualTo("True/NotRenewed");
    assertThat(condition(status, "Expiring").getMessage()).contains("ends 2026-11-23T12:00:00Z");
    assertThat(status(facts(HELD, Optional.empty())).conditions()).hasSize(2);
  }

  @Test
  void withoutAUsableCertificateBothSayWhy() {
    var status = status(facts(Optional.empty(), REFUSED));

    assertThat(says(status, "Ready")).isEqualTo("False/WriteRefused");
    assertThat(says(status, "UpToDate")).isEqualTo("False/WriteRefused");
    assertThat(status.notAfter()).isNull();
    assertThat(status.spiffeId()).isEqualTo(EDGE);
  }

  @Test
  void equalFactsGiveAnEqualStatusLaterToo() {
    var first = status(facts(HELD, REFUSED));

    assertThat(ClientReport.of(facts(HELD, REFUSED), first, NOW.plusSeconds(60))).isEqualTo(first);
  }

  @Test
  void aConditionThatTurnsGetsItsMoment() {
    var first = status(facts(HELD, Optional.empty()));

    var later = ClientReport.of(facts(HELD, REFUSED), first, NOW.plusSeconds(60));

    assertThat(condition(later, "Ready").getLastTransitionTime()).isEqualTo("2026-11-22T12:00:00Z");
    assertThat(condition(later, "UpToDate").getLastTransitionTime())
        .isEqualTo("2026-11-22T12:01:00Z");
  }

  private static ClientFacts facts(Optional<Certificate> held, Optional<Withheld> withheld) {
    return new ClientFacts(3, "edge-client", EDGE, held, withheld);
  }

  private static ApiClientCertificateStatus status(ClientFacts facts) {
    return ClientReport.of(facts, null, NOW);
  }

  private static String says(ApiClientCertificateStatus status, String type) {
    var condition = condition(status, type);
    return condition.getStatus() + "/" + condition.getReason();
  }

  private static Condition condition(ApiClientCertificateStatus status, String type) {
    return status.conditions().stream()
        .filter(condition -> condition.getType().equals(type))
        .findFirst()
        .orElseThrow();
  }
}
