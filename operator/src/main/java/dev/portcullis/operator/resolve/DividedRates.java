package dev.portcullis.operator.resolve;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.api.v1alpha1.RateLimitSpec;
import java.util.Optional;
import java.util.stream.Stream;

/** Rates that a backend's pods let through together. */
public final class DividedRates {

  /** Whether the policy has any, so that it depends on the number of its pods. */
  public static boolean areIn(ApiBackendPolicy policy) {
    return Optional.ofNullable(policy.getSpec()).stream()
        .flatMap(
            spec ->
                Stream.concat(
                    spec.rateLimits().stream(),
                    spec.routes().stream().flatMap(route -> route.rateLimits().stream())))
        .anyMatch(limit -> limit.scope() == RateLimitSpec.Scope.Workload);
  }

  private DividedRates() {}
}
