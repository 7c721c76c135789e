package dev.portcullis.operator.resolve;

import static dev.portcullis.operator.resolve.Given.in;
import static dev.portcullis.operator.resolve.Given.or;

import dev.portcullis.api.v1alpha1.Defaults;
import dev.portcullis.api.v1alpha1.OverloadSpec;
import dev.portcullis.operator.intent.Application;
import dev.portcullis.operator.intent.Overload;
import dev.portcullis.operator.intent.Overload.LoadReport;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** {@code spec.overload}. */
final class OverloadReader {

  static Overload read(OverloadSpec overload, Application application, At at) {
    var retryAfter = or(in(overload, OverloadSpec::retryAfter), Defaults.RETRY_AFTER);
    return new Overload(
        wholeSeconds(retryAfter, at.field("retryAfter")), loadReport(overload, application));
  }

  private static Optional<LoadReport> loadReport(OverloadSpec overload, Application application) {
    var asked = or(in(overload, OverloadSpec::reportLoad), Boolean.valueOf(Defaults.REPORT_LOAD));
    return asked ? Optional.of(new LoadReport(capacity(application))) : Optional.empty();
  }

  private static int capacity(Application application) {
    var pool = application.pool();
    return switch (application.protocol()) {
      case HTTP1 -> Math.min(pool.connections(), pool.requests());
      case HTTP2, GRPC -> pool.requests();
    };
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
