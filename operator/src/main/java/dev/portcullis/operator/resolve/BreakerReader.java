package dev.portcullis.operator.resolve;

import static dev.portcullis.operator.resolve.Given.in;
import static dev.portcullis.operator.resolve.Given.or;

import dev.portcullis.api.v1alpha1.ApiBackendPolicySpec;
import dev.portcullis.api.v1alpha1.BackendSpec;
import dev.portcullis.api.v1alpha1.BreakerSpec;
import dev.portcullis.api.v1alpha1.Defaults;
import dev.portcullis.api.v1alpha1.TimeoutsSpec;
import dev.portcullis.operator.intent.Application.Breaker;
import java.time.Duration;
import java.util.Optional;

/** {@code spec.backend.breaker}. */
final class BreakerReader {

  private static final int HIGHEST = 99;

  static Optional<Breaker> read(ApiBackendPolicySpec spec, At at) {
    return Optional.ofNullable(in(spec.backend(), BackendSpec::breaker))
        .map(breaker -> read(breaker, request(spec), at));
  }

  private static Breaker read(BreakerSpec breaker, Duration request, At at) {
    var latency = Amounts.duration(at.field("latency"), or(breaker.latency(), ""));
    if (latency.compareTo(request) >= 0) {
      at.field("latency")
          .invalid("Make it shorter than timeouts.request: no answer could be slower.");
    }
    return new Breaker(
        latency,
        percentile(or(breaker.percentile(), Defaults.BREAKER_PERCENTILE), at.field("percentile")),
        Amounts.duration(at.field("open"), or(breaker.open(), Defaults.BREAKER_OPEN)));
  }

  private static int percentile(int percentile, At at) {
    if (percentile < 1 || percentile > HIGHEST) {
      at.invalid("Choose a number from 1 to %d.", HIGHEST);
      return HIGHEST;
    }
    return percentile;
  }

  /** What is wrong with it is told where the routes are read. */
  private static Duration request(ApiBackendPolicySpec spec) {
    var request = or(in(spec.timeouts(), TimeoutsSpec::request), Defaults.REQUEST_TIMEOUT);
    return Amounts.duration(new At("", new Problems()), request);
  }

  private BreakerReader() {}
}
