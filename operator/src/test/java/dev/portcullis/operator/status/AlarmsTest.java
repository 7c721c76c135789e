package dev.portcullis.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.xds.PublishOutcome;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Doubts are told beside what is enforced, and take nothing from it. */
class AlarmsTest {

  @Test
  void whatIsHardlyMeantIsTold() {
    var finding =
        findings(new Understanding.Understood(List.of("a is longer than b.", "c is none.")))
            .filter(each -> each.type().equals("Doubtful"))
            .findFirst()
            .orElseThrow();

    assertThat(finding.holds()).isTrue();
    assertThat(finding.reason()).isEqualTo("TimeoutsDisagree");
    assertThat(finding.message()).isEqualTo("a is longer than b. c is none.");
    assertThat(ConditionTypes.isAlarm(finding.type())).isTrue();
  }

  @Test
  void itChangesNoOtherCondition() {
    var doubted = findings(new Understanding.Understood(List.of("a is longer than b.")));

    assertThat(doubted.filter(each -> !each.type().equals("Doubtful")))
        .containsExactlyElementsOf(findings(new Understanding.Understood()).toList());
  }

  private static Stream<Finding> findings(Understanding understanding) {
    var facts =
        new PolicyFacts(
            7,
            "app=orders",
            understanding,
            List.of(new PublishOutcome.Published("v3")),
            "v3",
            List.of(),
            new Firewall.InPlace(),
            List.of(),
            new References.None(),
            Instant.parse("2026-01-02T03:04:05Z"));
    return new Findings(facts, List.of()).all().stream();
  }
}
