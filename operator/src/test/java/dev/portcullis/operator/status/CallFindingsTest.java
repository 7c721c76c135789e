package dev.portcullis.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.status.CallFacts.Backend;
import java.util.List;
import org.junit.jupiter.api.Test;

class CallFindingsTest {

  @Test
  void whoCallsNobodyIsToldNothing() {
    assertThat(CallFindings.of(List.of())).isEmpty();
  }

  @Test
  void callsOfReadyBackendsAreReady() {
    assertThat(says(call(Backend.READY), call(Backend.READY))).isEqualTo("True/CallsReady");
  }

  @Test
  void eachReasonHasItsWord() {
    assertThat(says(call(Backend.READY), call(Backend.UNKNOWN))).isEqualTo("False/BackendUnknown");
    assertThat(says(call(Backend.WITHOUT_READY_PODS))).isEqualTo("False/NoReadyPods");
    assertThat(says(call(Backend.READY, "orders-2"))).isEqualTo("False/PortTaken");
  }

  @Test
  void theMessageNamesCallBackendPortAndPod() {
    var message =
        CallFindings.of(List.of(call(Backend.UNKNOWN, "orders-2"))).orElseThrow().message();
    assertThat(message).contains("pay", "bank/payments", "9001", "orders-2");
  }

  private static String says(CallFacts... calls) {
    var finding = CallFindings.of(List.of(calls)).orElseThrow();
    return finding.value().text + "/" + finding.reason();
  }

  private static CallFacts call(Backend backend, String... clashes) {
    return new CallFacts("pay", "bank/payments", backend, 9001, List.of(clashes));
  }
}
