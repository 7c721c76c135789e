package dev.portcullis.operator.resolve;

import static dev.portcullis.operator.resolve.Given.in;
import static dev.portcullis.operator.resolve.Given.or;

import dev.portcullis.api.v1alpha1.CallSpec;
import dev.portcullis.api.v1alpha1.Defaults;
import dev.portcullis.operator.intent.Call;
import dev.portcullis.operator.intent.Call.Condition;
import dev.portcullis.operator.intent.Call.Methods;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How long one call waits, and what it does about failures. */
record CallPatience(CallSpec call, At at) {

  Duration request() {
    return Amounts.duration(
        at.field("timeouts").field("request"),
        or(in(call.timeouts(), CallSpec.Timeouts::request), Defaults.REQUEST_TIMEOUT));
  }

  Duration connect() {
    var connect =
        Amounts.duration(
            at.field("timeouts").field("connect"),
            or(in(call.timeouts(), CallSpec.Timeouts::connect), Defaults.CONNECT_TIMEOUT));
    requireWithinRequest(connect, at.field("timeouts").field("connect"));
    return connect;
  }

  Call.Retries retries() {
    var retries = or(call.retries(), new CallSpec.Retries(null, null, List.of(), null, null));
    return new Call.Retries(
        or(retries.attempts(), Defaults.CALL_ATTEMPTS),
        Optional.ofNullable(retries.perTry()).map(this::perTry),
        retries.conditions().isEmpty()
            ? List.of(Condition.values())
            : retries.conditions().stream().map(CallPatience::condition).sorted().toList(),
        switch (or(retries.methods(), CallSpec.Methods.valueOf(Defaults.CALL_METHODS))) {
          case Safe -> Methods.SAFE;
          case All -> Methods.ALL;
        },
        or(retries.budget(), Defaults.CALL_BUDGET));
  }

  Call.Ejection ejection() {
    var duration = or(in(call.ejection(), CallSpec.Ejection::duration), Defaults.CALL_EJECTION);
    return new Call.Ejection(
        or(in(call.ejection(), CallSpec.Ejection::failures), Defaults.CALL_FAILURES),
        Amounts.duration(at.field("ejection").field("duration"), duration),
        or(in(call.ejection(), CallSpec.Ejection::maxPercent), Defaults.CALL_EJECTED_PERCENT));
  }

  private Duration perTry(String text) {
    var place = at.field("retries").field("perTry");
    var perTry = Amounts.duration(place, text);
    requireWithinRequest(perTry, place);
    return perTry;
  }

  private void requireWithinRequest(Duration part, At place) {
    var request = or(in(call.timeouts(), CallSpec.Timeouts::request), Defaults.REQUEST_TIMEOUT);
    // What is wrong with request itself is told where it is read.
    var whole = Amounts.duration(new At("", new Problems()), request);
    if (part.compareTo(whole) > 0) {
      place.invalid("Make it no longer than timeouts.request: it would never run out.");
    }
  }

  private static Condition condition(CallSpec.Condition condition) {
    return switch (condition) {
      case NotConnected -> Condition.NOT_CONNECTED;
      case Refused -> Condition.REFUSED;
      case Broken -> Condition.BROKEN;
      case Unavailable -> Condition.UNAVAILABLE;
    };
  }
}
