package dev.portcullis.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.xds.Delivery;
import dev.portcullis.operator.xds.PublishOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PolicyFactsTest {

  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final PodFacts.Reading NOT_TAKEN = new PodFacts.Reading.NotTaken();

  @Test
  void areWholeOnceEveryRunningPodWasLookedAt() {
    var served = new PodFacts.Reading.Served("v1", new Validity(NOON, NOON));
    assertThat(published(pod(new PodFacts.Gate.Running("v1"), served)).arePreliminary()).isFalse();
  }

  @Test
  void arePreliminaryBeforeTheFirstLookAtARunningPod() {
    assertThat(published(pod(new PodFacts.Gate.Running("v1"), NOT_TAKEN)).arePreliminary())
        .isTrue();
  }

  @Test
  void arePreliminaryBeforeAnythingWasPublished() {
    assertThat(facts(List.of()).arePreliminary()).isTrue();
  }

  @Test
  void doNotWaitForAPodThatCannotBeLookedAt() {
    assertThat(
            published(
                    pod(new PodFacts.Gate.Starting(), NOT_TAKEN),
                    pod(new PodFacts.Gate.Missing("why"), NOT_TAKEN),
                    pod(new PodFacts.Gate.Running(null), NOT_TAKEN))
                .arePreliminary())
        .isFalse();
  }

  @Test
  void theNextLookIsWhenTheFirstConnectionIsCut() {
    assertThat(published(cut(9), cut(7), cut(8)).untilNextCut()).contains(Duration.ofSeconds(7));
  }

  @Test
  void theNextLookIsAtOnceWhereAConnectionWasCutMeanwhile() {
    assertThat(published(cut(-1)).untilNextCut()).contains(Duration.ZERO);
  }

  private static PodFacts cut(int seconds) {
    return new PodFacts(
        "orders-1",
        new PodFacts.Gate.Running("v1"),
        new Delivery.NotConnected(),
        NOT_TAKEN,
        Optional.empty(),
        Optional.empty(),
        new PodFacts.Cut.Until(NOON.plusSeconds(seconds)));
  }

  private static PodFacts pod(PodFacts.Gate gate, PodFacts.Reading reading) {
    return new PodFacts(
        "orders-1", gate, new Delivery.NotConnected(), reading, Optional.empty(), Optional.empty());
  }

  private static PolicyFacts published(PodFacts... pods) {
    return facts(List.of(new PublishOutcome.Published("v1")), pods);
  }

  private static PolicyFacts facts(List<PublishOutcome> publications, PodFacts... pods) {
    return new PolicyFacts(
        1,
        "app=orders",
        new Understanding.Understood(),
        publications,
        "v1",
        List.of(pods),
        new Firewall.InPlace(),
        List.of(),
        new References.None(),
        NOON);
  }
}
