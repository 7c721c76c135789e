package dev.portcullis.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.api.v1alpha1.ApiBackendPolicyStatus;
import dev.portcullis.api.v1alpha1.ApiBackendPolicyStatus.Outdated;
import dev.portcullis.api.v1alpha1.ApiBackendPolicyStatus.Shortfall;
import dev.portcullis.api.v1alpha1.OpenApiStatus;
import dev.portcullis.api.v1alpha1.ShadowStatus;
import dev.portcullis.operator.intent.Documentation;
import dev.portcullis.operator.intent.Documentation.Point;
import dev.portcullis.operator.intent.Documentation.Points;
import dev.portcullis.operator.intent.Epoch;
import dev.portcullis.operator.intent.Shadow;
import dev.portcullis.operator.resolve.Problem;
import dev.portcullis.operator.status.PodFacts.Gate;
import dev.portcullis.operator.status.PodFacts.Reading;
import dev.portcullis.operator.xds.Delivery;
import dev.portcullis.operator.xds.PublishOutcome;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StatusReportTest {

  private static final Shadow WHOLE = new Shadow.OfPolicy(List.of(), Duration.ofSeconds(15));

  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final Instant TOMORROW = NOW.plus(Duration.ofDays(1));
  private static final Validity DAY = new Validity(NOW, TOMORROW);
  private static final Delivery ELSEWHERE = new Delivery.NotConnected();

  @Test
  void everyPodThatServesTheVersionIsEnforced() {
    // When
    var status = status(facts(served("orders-1", "v2"), served("orders-2", "v2")));

    // Then
    assertThat(says(status, "Accepted")).isEqualTo("True/Accepted");
    assertThat(says(status, "Programmed")).isEqualTo("True/Programmed");
    assertThat(says(status, "Enforced")).isEqualTo("True/Enforced");
    assertThat(says(status, "Ready")).isEqualTo("True/Enforced");
    assertThat(status.pods()).isEqualTo(ApiBackendPolicyStatus.Pods.of(2, 2, 2, 2));
    assertThat(status.certificates().soonestExpiry()).isEqualTo(TOMORROW.toString());
    assertThat(status.shortfalls()).isEmpty();
  }

  @Test
  void everyConditionSpeaksOfTheGeneration() {
    // When
    var status = status(facts(served("orders-1", "v2")));

    // Then
    assertThat(status.observedGeneration()).isEqualTo(7);
    assertThat(status.conditions())
        .hasSize(4)
        .allSatisfy(condition -> assertThat(condition.getObservedGeneration()).isEqualTo(7));
  }

  @Test
  void anAcknowledgementAloneIsProgrammedButNotEnforced() {
    // Given
    var acknowledged = new Delivery.Acknowledged("v2");
    var pod = pod("orders-1", new Gate.Running("v2"), acknowledged, new Reading.NotTaken());

    // When
    var status = status(facts(pod));

    // Then
    assertThat(says(status, "Programmed")).isEqualTo("True/Programmed");
    assertThat(says(status, "Enforced")).isEqualTo("False/NotMeasured");
    assertThat(status.pods()).isEqualTo(ApiBackendPolicyStatus.Pods.of(1, 1, 1, 0));
  }

  @Test
  void anAcknowledgedPodThatServesSomethingElseIsNotEnforced() {
    // Given
    var pod =
        pod(
            "orders-1",
            new Gate.Running("v2"),
            new Delivery.Acknowledged("v2"),
            new Reading.Served("v1", DAY));

    // When
    var status = status(facts(pod));

    // Then
    assertThat(says(status, "Enforced")).isEqualTo("False/NotServed");
  }

  @Test
  void aPodOlderThanThePolicyIsTold() {
    // Given
    var old = pod("orders-0", new Gate.Missing("Recreate it."), ELSEWHERE, new Reading.NotTaken());

    // When
    var status = status(facts(served("orders-1", "v2"), old));

    // Then
    assertThat(status.shortfalls())
        .containsExactly(new Shortfall("orders-0", "NotInjected", "Recreate it."));
    assertThat(says(status, "Programmed")).isEqualTo("False/Pending");
    assertThat(says(status, "Enforced")).isEqualTo("False/NotInjected");
    assertThat(says(status, "Ready")).isEqualTo("False/Pending");
    assertThat(status.pods()).isEqualTo(ApiBackendPolicyStatus.Pods.of(2, 1, 1, 1));
  }

  @Test
  void theCanarysRefusalIsToldWithItsTextAndWhatStays() {
    // Given
    var outcome = new PublishOutcome.Rejected("v3", "listener inbound", "malformed IP address");

    // When
    var status =
        status(
            new PolicyFacts(
                7,
                "app=orders",
                new Understanding.Understood(),
                List.of(outcome),
                "v2",
                List.of(running("orders-1", "v3", new Reading.Served("v2", DAY))),
                new Firewall.InPlace(),
                List.of(),
                new References.None(),
                NOW));

    // Then
    assertThat(says(status, "Accepted")).isEqualTo("True/Accepted");
    assertThat(says(status, "Programmed")).isEqualTo("False/Rejected");
    assertThat(condition(status, "Programmed").getMessage())
        .contains("listener inbound: malformed IP address", "v2");
    assertThat(says(status, "Enforced")).isEqualTo("False/NotProgrammed");
    assertThat(status.version()).isEqualTo("v2");
  }

  @Test
  void oneSidecarsRefusalIsToldWithItsText() {
    // Given
    var refused = new Delivery.Refused("v2", "listener inbound", "bad address");
    var pod = pod("orders-1", new Gate.Running("v2"), refused, new Reading.Served("v1", DAY));

    // When
    var status = status(facts(pod));

    // Then
    assertThat(says(status, "Programmed")).isEqualTo("False/Rejected");
    assertThat(condition(status, "Programmed").getMessage())
        .isEqualTo(
            "orders-1: listener inbound: bad address"
                + " (the pod keeps serving the last version that it took, v1)");
    assertThat(status.shortfalls())
        .containsExactly(new Shortfall("orders-1", "Rejected", "listener inbound: bad address"));
  }

  @Test
  void aRefusedEditSaysWhichFieldAndWhatStays() {
    // Given
    var problem = new Problem("spec.routes[1].path", Problem.Reason.Invalid, "It never matches.");

    // When
    var status =
        status(
            new PolicyFacts(
                7,
                "app=orders",
                new Understanding.Refused(List.of(problem)),
                List.of(),
                "v1",
                List.of(),
                new Firewall.InPlace(),
                List.of(),
                new References.None(),
                NOW));

    // Then
    assertThat(says(status, "Accepted")).isEqualTo("False/Invalid");
    assertThat(condition(status, "Accepted").getMessage())
        .isEqualTo("spec.routes[1].path: It never matches.");
    assertThat(says(status, "Programmed")).isEqualTo("False/NotAccepted");
    assertThat(condition(status, "Programmed").getMessage()).contains("v1");
    assertThat(says(status, "Ready")).isEqualTo("False/Invalid");
  }

  @Test
  void withoutPodsNothingIsClaimed() {
    // When
    var status = status(facts());

    // Then
    assertThat(says(status, "Programmed")).isEqualTo("Unknown/NoPods");
    assertThat(says(status, "Enforced")).isEqualTo("Unknown/NoPods");
    assertThat(says(status, "Ready")).isEqualTo("Unknown/NoPods");
    assertThat(status.pods().summary()).isEqualTo("0/0");
  }

  @Test
  void aWayAroundTheGateIsNoEnforcement() {
    // Given
    var open = new Reading.OpenBeside("v2", DAY, "Port 8080 accepts connections.");

    // When
    var status = status(facts(running("orders-1", "v2", open)));

    // Then
    assertThat(says(status, "Programmed")).isEqualTo("True/Programmed");
    assertThat(says(status, "Enforced")).isEqualTo("False/AppPortOpen");
  }

  @Test
  void anExpiredCertificateIsNoEnforcement() {
    // When
    var status =
        status(
            facts(running("orders-1", "v2", new Reading.Served("v2", until(NOW.minusSeconds(1))))));

    // Then
    assertThat(says(status, "Enforced")).isEqualTo("False/CertificateExpired");
  }

  @Test
  void aPodThatIsReachedInAnotherWayIsNotEnforced() {
    // Given
    var pod =
        pod(
            "orders-1",
            new Gate.CaptureDiffers("Redirect", "None", "v2"),
            ELSEWHERE,
            new Reading.Served("v2", DAY));

    // When
    var status = status(facts(pod));

    // Then
    assertThat(says(status, "Enforced")).isEqualTo("False/CaptureDiffers");
    assertThat(status.pods()).isEqualTo(ApiBackendPolicyStatus.Pods.of(1, 1, 1, 0));
  }

  @Test
  void aFirewallThatDiffersIsNoEnforcement() {
    // When
    var status =
        status(
            new PolicyFacts(
                7,
                "app=orders",
                new Understanding.Understood(),
                List.of(new PublishOutcome.Published("v2")),
                "v2",
                List.of(served("orders-1", "v2")),
                new Firewall.Short(List.of("portcullis-orders")),
                List.of(),
                new References.None(),
                NOW));

    // Then
    assertThat(says(status, "Enforced")).isEqualTo("False/FirewallDiffers");
    assertThat(condition(status, "Enforced").getMessage()).contains("portcullis-orders");
  }

  @Test
  void aCertificateThatWasNotRenewedIsToldUntilItIs() {
    // Given two pods, of which one has 29 hundredths of its certificate's life left
    var late = until(NOW.plus(Duration.ofMinutes(418)));
    var pods =
        new PodFacts[] {
          served("orders-1", "v2"), running("orders-2", "v2", new Reading.Served("v2", late))
        };

    // When
    var status = status(facts(pods));

    // Then
    assertThat(says(status, "Expiring")).isEqualTo("True/NotRenewed");
    assertThat(condition(status, "Expiring").getMessage())
        .isEqualTo(
            "Certificates of 1 of 2 pods were not renewed at half of their life: orders-2 (ends %s)."
                .formatted(late.until()));
    assertThat(says(status, "Ready")).isEqualTo("True/Enforced");

    // When it is renewed, then nothing is said any more
    var renewed =
        StatusReport.of(facts(served("orders-1", "v2"), served("orders-2", "v2")), status);
    assertThat(types(renewed)).containsExactly("Accepted", "Programmed", "Enforced", "Ready");
  }

  @Test
  void aThirdOfItsLifeIsNoCauseForAlarm() {
    var third = until(NOW.plus(Duration.ofHours(8)));

    assertThat(types(status(facts(running("orders-1", "v2", new Reading.Served("v2", third))))))
        .doesNotContain("Expiring");
  }

  @Test
  void anEndedCertificateIsNamedAmongThoseThatWereNotRenewed() {
    var status = status(facts(running("orders-1", "v2", new Reading.Expired())));

    assertThat(condition(status, "Expiring").getMessage()).contains("orders-1 (has ended)");
  }

  @Test
  void aServiceAccountThatHasHadItsShareOfCertificatesIsTold() {
    var facts =
        new PolicyFacts(
            7,
            "app=orders",
            new Understanding.Understood(),
            List.of(new PublishOutcome.Published("v2")),
            "v2",
            List.of(served("orders-1", "v2")),
            new Firewall.InPlace(),
            List.of("Service account shop/orders has had enough."),
            new References.None(),
            NOW);

    assertThat(says(status(facts), "Throttled")).isEqualTo("True/TooManyCertificates");
    assertThat(condition(status(facts), "Throttled").getMessage()).contains("shop/orders");
  }

  @Test
  void whatCannotBeReferredToIsToldWhereItIsReferredTo() {
    // Given
    var fault = new References.Fault("spec.callers[1].trust", "CaExpired", "Secret a/b, c, ended.");

    // When
    var closed = status(referring(new References.Unusable(List.of(fault))));
    var open = status(referring(new References.Usable()));

    // Then
    assertThat(says(closed, "ResolvedRefs")).isEqualTo("False/CaExpired");
    assertThat(condition(closed, "ResolvedRefs").getMessage())
        .isEqualTo("spec.callers[1].trust: Secret a/b, c, ended. Nobody is let in by these.");
    assertThat(says(closed, "Enforced")).isEqualTo("True/Enforced");
    assertThat(says(closed, "Ready")).isEqualTo("False/CaExpired");
    assertThat(says(open, "ResolvedRefs")).isEqualTo("True/ResolvedRefs");
    assertThat(says(open, "Ready")).isEqualTo("True/Enforced");
  }

  @Test
  void whatCountsThoughItIsOldIsToldAndHarmsNothingElse() {
    // Given
    var fault = new References.Fault("spec.authentication.jwt[0].jwks", "TooSlow", "It is.");

    // When
    var late = status(referring(new References.Usable(List.of(fault))));
    var both = status(referring(new References.Unusable(List.of(fault), List.of(fault))));

    // Then
    assertThat(says(late, "Stale")).isEqualTo("True/TooSlow");
    assertThat(condition(late, "Stale").getMessage())
        .isEqualTo("spec.authentication.jwt[0].jwks: It is.");
    assertThat(says(late, "ResolvedRefs")).isEqualTo("True/ResolvedRefs");
    assertThat(says(late, "Ready")).isEqualTo("True/Enforced");
    assertThat(says(both, "Stale")).isEqualTo("True/TooSlow");
    assertThat(says(both, "Ready")).isEqualTo("False/TooSlow");
  }

  private static PolicyFacts referring(References references) {
    return new PolicyFacts(
        7,
        "app=orders",
        new Understanding.Understood(),
        List.of(new PublishOutcome.Published("v2")),
        "v2",
        List.of(served("orders-1", "v2")),
        new Firewall.InPlace(),
        List.of(),
        references,
        NOW);
  }

  @Test
  void whatIsInShadowIsNeverCalledEnforced() {
    // When
    var policy = status(shadowed(WHOLE, ShadowCounts.NONE));
    var routes =
        status(shadowed(new Shadow.OfRoutes(List.of("a", "b", "c", "d")), ShadowCounts.NONE));

    // Then
    assertThat(says(policy, "Enforced")).isEqualTo("False/Shadow");
    assertThat(says(policy, "Programmed")).isEqualTo("True/Programmed");
    assertThat(says(policy, "Ready")).isEqualTo("False/Shadow");
    assertThat(condition(policy, "Enforced").getMessage())
        .startsWith("1 of 1 pods run the policy. It is in shadow: ");
    assertThat(says(routes, "Enforced")).isEqualTo("False/Shadow");
    assertThat(condition(routes, "Enforced").getMessage())
        .isEqualTo(
            "1 of 1 pods run the policy. 4 routes are in shadow and deny nothing: a, b, c, ...");
  }

  @Test
  void whatWouldHaveBeenDeniedIsCountedByRuleOverAllPods() {
    // Given
    var one = new ShadowCounts(Map.of(rule("callers", "a"), 2L, rule("path", "b"), 4L));
    var other = new ShadowCounts(Map.of(rule("callers", "a"), 5L));
    var many =
        IntStream.range(0, 30)
            .boxed()
            .collect(Collectors.toMap(each -> rule("token", "r" + each), Long::valueOf));

    // When
    var told = status(shadowed(WHOLE, ShadowCounts.sum(Stream.of(one, other)))).shadow();
    var most = status(shadowed(WHOLE, new ShadowCounts(many))).shadow();

    // Then
    assertThat(told)
        .isEqualTo(
            new ShadowStatus(
                11,
                List.of(
                    new ShadowStatus.Rule("callers", "a", 7),
                    new ShadowStatus.Rule("path", "b", 4)),
                null));
    assertThat(most.rules())
        .hasSize(20)
        .first()
        .isEqualTo(new ShadowStatus.Rule("token", "r29", 29));
    assertThat(most.moreRules()).isEqualTo(10);
    assertThat(status(referring(new References.None())).shadow()).isNull();
  }

  private static ShadowCounts.Rule rule(String rule, String route) {
    return new ShadowCounts.Rule(rule, route);
  }

  private static PolicyFacts shadowed(Shadow shadow, ShadowCounts counts) {
    return new PolicyFacts(
        7,
        "app=orders",
        new Understanding.Understood(),
        List.of(new PublishOutcome.Published("v2")),
        "v2",
        List.of(served("orders-1", "v2")),
        new Firewall.InPlace(),
        List.of(),
        List.of(),
        new References.None(),
        NOW,
        Optional.empty(),
        new Documented.NotKnown(),
        Optional.of(shadow),
        counts);
  }

  @Test
  void equalFactsLaterGiveAnEqualStatus() {
    // Given
    var before = status(facts(served("orders-1", "v2")));

    // When
    var later = StatusReport.of(at(NOW.plusSeconds(90), served("orders-1", "v2")), before);

    // Then
    assertThat(later).isEqualTo(before);
  }

  @Test
  void aConditionThatChangesGetsANewTime() {
    // Given
    var before = status(facts(served("orders-1", "v2")));
    var later = NOW.plusSeconds(90);

    // When
    var now = StatusReport.of(at(later, running("orders-1", "v2", lost())), before);

    // Then
    assertThat(condition(now, "Enforced").getLastTransitionTime()).isEqualTo(later.toString());
    assertThat(condition(now, "Accepted").getLastTransitionTime()).isEqualTo(NOW.toString());
  }

  @Test
  void tellsOfTwentyShortfallsAtMost() {
    // Given
    var pods = new PodFacts[30];
    for (var i = 0; i < pods.length; i++) {
      pods[i] = running("orders-%02d".formatted(i), "v2", lost());
    }

    // When
    var status = status(facts(pods));

    // Then
    assertThat(status.shortfalls()).hasSize(20).first().extracting("pod").isEqualTo("orders-00");
  }

  @Test
  void anOutdatedSidecarIsNamedAndNoShortfall() {
    // When
    var status = status(facts(served("orders-1", "v2"), outdated("orders-2")));
    assertThat(status.certificates().keysByStream()).isEqualTo(1);
    assertThat(status.certificates().keysByKubelet()).isNull();

    // Then
    assertThat(says(status, "Enforced")).isEqualTo("True/Enforced");
    assertThat(condition(status, "Enforced").getMessage())
        .isEqualTo(
            "2 of 2 pods enforce the policy. Outdated sidecars: 1; recreate their pods to renew them.");
    assertThat(status.pods()).isEqualTo(ApiBackendPolicyStatus.Pods.of(2, 2, 2, 2).withOutdated(1));
    assertThat(status.outdated()).containsExactly(new Outdated("orders-2", "Its proxy is old."));
    assertThat(status.shortfalls()).isEmpty();
  }

  @Test
  void namesTwentyOutdatedPodsAtMost() {
    // Given
    var pods = new PodFacts[30];
    for (var i = 0; i < pods.length; i++) {
      pods[i] = outdated("orders-%02d".formatted(i));
    }

    // When
    var status = status(facts(pods));

    // Then
    assertThat(status.pods().outdated()).isEqualTo(30);
    assertThat(status.outdated()).hasSize(20).first().extracting("pod").isEqualTo("orders-00");
  }

  @Test
  void nothingIsEnforcedWhileOlderConnectionsMayBeOpen() {
    // Given
    var end = NOW.plusSeconds(30);
    var cutting = cutting("orders-1", new PodFacts.Cut.Until(end));
    var about = cutting("orders-2", new PodFacts.Cut.Pending());

    // When
    var status = status(revoking(Revocation.State.CUTTING, cutting, about));

    // Then
    assertThat(says(status, "Enforced")).isEqualTo("False/Revoking");
    assertThat(says(status, "Programmed")).isEqualTo("True/Programmed");
    assertThat(status.shortfalls().getFirst().message()).endsWith("is cut at " + end + ".");
    assertThat(status.revocation())
        .isEqualTo(new ApiBackendPolicyStatus.Revocation(7L, 6L, null, "Cutting"));
  }

  @Test
  void onceTheyAreCutThePolicyIsEnforced() {
    var status = status(revoking(Revocation.State.DONE, served("orders-1", "v2")));

    assertThat(says(status, "Enforced")).isEqualTo("True/Enforced");
    assertThat(status.revocation().state()).isEqualTo("Done");
  }

  @Test
  void whatTheStatusSaidOfRevocationsStaysWhileNothingIsKnown() {
    var before = status(revoking(Revocation.State.DONE, served("orders-1", "v2")));

    assertThat(StatusReport.of(facts(), before).revocation()).isEqualTo(before.revocation());
  }

  @Test
  void saysWhatOfADocumentIsEnforcedAndHowMuchIsNot() {
    // Given
    var point = new Point("#/paths/~1a/get/parameters/0", "Not checked: maxLength.");
    var documentation =
        new Documentation(
            "orders-openapi",
            "openapi.yaml",
            "3.0.3",
            "0123456789abcdef",
            "/v1",
            3,
            2,
            List.of("paths and methods: 2 operations"),
            new Points(List.of(), 0),
            new Points(List.of(point), 41));

    // When
    var status = status(documented(new Documented.By(documentation)));

    // Then
    var told = status.openApi();
    assertThat(told.document().configMap()).isEqualTo("orders-openapi");
    assertThat(told.operations()).isEqualTo(3);
    assertThat(told.served()).isEqualTo(2);
    assertThat(told.notEnforced())
        .containsExactly(new OpenApiStatus.Point(point.pointer(), point.reason()));
    assertThat(told.moreNotEnforced()).isEqualTo(41);
    assertThat(told.moreDenied()).isNull();
    assertThat(StatusReport.of(documented(new Documented.NotKnown()), status).openApi())
        .isEqualTo(told);
    assertThat(StatusReport.of(documented(new Documented.ByNothing()), status).openApi()).isNull();
  }

  private static PolicyFacts documented(Documented documented) {
    return new PolicyFacts(
        7,
        "app=orders",
        new Understanding.Understood(),
        List.of(),
        "v2",
        List.of(),
        new Firewall.InPlace(),
        List.of(),
        List.of(),
        new References.None(),
        NOW,
        Optional.empty(),
        documented,
        Optional.empty(),
        ShadowCounts.NONE);
  }

  private static PodFacts cutting(String name, PodFacts.Cut cut) {
    return new PodFacts(
        name,
        new Gate.Running("v2"),
        ELSEWHERE,
        new Reading.Served("v2", DAY),
        Optional.empty(),
        Optional.empty(),
        cut);
  }

  private static PolicyFacts revoking(Revocation.State state, PodFacts... pods) {
    return new PolicyFacts(
        7,
        "app=orders",
        new Understanding.Understood(),
        List.of(new PublishOutcome.Published("v2")),
        "v2",
        List.of(pods),
        new Firewall.InPlace(),
        List.of(),
        List.of(),
        new References.None(),
        NOW,
        Optional.of(new Revocation(7, new Epoch(6, 0), state)),
        new Documented.NotKnown(),
        Optional.empty(),
        ShadowCounts.NONE);
  }

  private static Reading lost() {
    return new Reading.Unreachable("no route to host");
  }

  private static PodFacts served(String name, String version) {
    return running(name, version, new Reading.Served(version, DAY));
  }

  private static PodFacts running(String name, String wanted, Reading reading) {
    return pod(name, new Gate.Running(wanted), ELSEWHERE, reading);
  }

  private static PodFacts pod(String name, Gate gate, Delivery delivery, Reading reading) {
    return new PodFacts(name, gate, delivery, reading, Optional.empty(), Optional.empty());
  }

  private static PodFacts outdated(String name) {
    return new PodFacts(
        name,
        new Gate.Running("v2"),
        ELSEWHERE,
        new Reading.Served("v2", DAY),
        Optional.of("Its proxy is old."),
        Optional.of(PodFacts.Keys.OPERATOR));
  }

  /** Of a day's life, ending then. */
  private static Validity until(Instant end) {
    return new Validity(end.minus(Duration.ofDays(1)), end);
  }

  private static PolicyFacts facts(PodFacts... pods) {
    return at(NOW, pods);
  }

  private static PolicyFacts at(Instant time, PodFacts... pods) {
    return new PolicyFacts(
        7,
        "app=orders",
        new Understanding.Understood(),
        List.of(new PublishOutcome.Published("v2")),
        "v2",
        List.of(pods),
        new Firewall.InPlace(),
        List.of(),
        new References.None(),
        time);
  }

  private static ApiBackendPolicyStatus status(PolicyFacts facts) {
    return StatusReport.of(facts, null);
  }

  private static String says(ApiBackendPolicyStatus status, String type) {
    var condition = condition(status, type);
    return condition.getStatus() + "/" + condition.getReason();
  }

  private static List<String> types(ApiBackendPolicyStatus status) {
    return status.conditions().stream().map(Condition::getType).toList();
  }

  private static Condition condition(ApiBackendPolicyStatus status, String type) {
    return status.conditions().stream()
        .filter(condition -> condition.getType().equals(type))
        .findFirst()
        .orElseThrow();
  }
}
