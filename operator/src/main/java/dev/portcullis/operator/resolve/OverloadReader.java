package dev.portcullis.operator.resolve;

import static dev.portcullis.operator.resolve.Given.in;
import static dev.portcullis.operator.resolve.Given.or;

import dev.portcullis.api.v1alpha1.Defaults;
import dev.portcullis.api.v1alpha1.OverloadSpec;
import dev.portcullis.operator.intent.Overload;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/** {@code spec.overload}. */
final class OverloadReader {

  static Overload read(OverloadSpec overload, At at) {
    var retryAfter = or(in(overload, OverloadSpec::retryAfter), Defaults.RETRY_AFTER);
    return new Overload(wholeSeconds(retryAfter, at.field("retryAfter")));
  }

  /** As {@code Retry-After} has it. */
  private static Duration wholeSeconds(String text, At at) {
    var duration = Amounts.duration(at, text);
    if (!duration.equals(duration.truncatedTo(ChronoUnit.SECONDS))) {
      at.invalid("Write whole seconds instead of '%s'.", text);
    }
    return duration;
  }

  private OverloadReader() {}
}
