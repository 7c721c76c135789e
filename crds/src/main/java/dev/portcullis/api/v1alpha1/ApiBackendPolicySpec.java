package dev.portcullis.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/** What one policy asks of its backend's gate. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ApiBackendPolicySpec(
    LabelSelector selector,
    BackendSpec backend,
    ListenerSpec listener,
    List<CallerSpec> callers,
    List<RouteSpec> routes,
    List<RateLimitSpec> rateLimits,
    LimitsSpec limits,
    TimeoutsSpec timeouts,
    HeadersSpec headers,
    HardeningSpec hardening) {

  public ApiBackendPolicySpec {
    callers = Absent.toEmpty(callers);
    routes = Absent.toEmpty(routes);
    rateLimits = Absent.toEmpty(rateLimits);
  }
}
