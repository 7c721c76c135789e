package dev.portcullis.operator.resolve;

import static dev.portcullis.operator.resolve.Given.in;
import static dev.portcullis.operator.resolve.Given.or;

import dev.portcullis.api.v1alpha1.ApiBackendPolicySpec;
import dev.portcullis.api.v1alpha1.Defaults;
import dev.portcullis.api.v1alpha1.LimitsSpec;
import dev.portcullis.api.v1alpha1.RouteSpec;
import dev.portcullis.api.v1alpha1.TimeoutsSpec;
import dev.portcullis.operator.intent.Caller;
import dev.portcullis.operator.intent.RateLimit;
import dev.portcullis.operator.intent.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code spec.routes}, each with what it inherits from the policy.
 *
 * @param callers of the whole policy
 * @param proofs that the whole policy knows
 */
record RouteReader(ApiBackendPolicySpec spec, List<Caller> callers, ProofReader proofs) {

  List<Route> read(At at) {
    if (spec.routes().isEmpty()) {
      at.invalid("Name at least one route: what is not named is denied.");
    }
    var shared =
        RateLimitReader.readShared(spec.rateLimits(), new At("spec.rateLimits", at.problems()));
    var result = new ArrayList<Route>();
    for (var index = 0; index < spec.routes().size(); index++) {
      result.add(read(spec.routes().get(index), shared, at.item(index)));
    }
    Names.requireUnique(result.stream().map(Route::name).toList(), at);
    RouteCoverage.requireReachable(result, at);
    proofs.requireAsked(result, new At("spec.authentication", at.problems()));
    RateLimitReader.requireMemory(result, at);
    return result;
  }

  private Route read(RouteSpec route, List<RateLimit> shared, At at) {
    if (route.methods().isEmpty()) {
      at.field("methods").invalid("Name at least one method.");
    }
    var known =
        new Route(
            Names.read(route.name(), at.field("name")),
            PathReader.read(route.path(), at.field("path")),
            route.methods().stream().map(Enum::name).distinct().toList(),
            callersOf(route, at.field("callers")),
            proofs.proofOf(route.authentication(), at.field("authentication")),
            RateLimitReader.read(route.rateLimits(), shared, at.field("rateLimits")),
            requestBody(route, at),
            request(route, at),
            idle(route, at));
    RateLimitReader.requireProved(known, proofs, at.field("rateLimits"));
    return known;
  }

  /** In the policy's order, whatever the route's. */
  private List<Caller> callersOf(RouteSpec route, At at) {
    if (route.callers().isEmpty()) {
      return callers;
    }
    for (var name : route.callers()) {
      if (callers.stream().noneMatch(caller -> caller.name().equals(name))) {
        at.invalid("Name only callers of spec.callers: there is none named '%s'.", name);
      }
    }
    return callers.stream().filter(caller -> route.callers().contains(caller.name())).toList();
  }

  private long requestBody(RouteSpec route, At at) {
    var own = in(route.limits(), RouteSpec.Limits::requestBody);
    var inherited = or(in(spec.limits(), LimitsSpec::requestBody), Defaults.REQUEST_BODY);
    return Amounts.bytes(at.field("limits").field("requestBody"), or(own, inherited));
  }

  private Duration request(RouteSpec route, At at) {
    var own = in(route.timeouts(), RouteSpec.Timeouts::request);
    var inherited = or(in(spec.timeouts(), TimeoutsSpec::request), Defaults.REQUEST_TIMEOUT);
    return Amounts.duration(at.field("timeouts").field("request"), or(own, inherited));
  }

  private Duration idle(RouteSpec route, At at) {
    var own = in(route.timeouts(), RouteSpec.Timeouts::idle);
    var inherited = or(in(spec.timeouts(), TimeoutsSpec::idle), Defaults.IDLE_TIMEOUT);
    return Amounts.duration(at.field("timeouts").field("idle"), or(own, inherited));
  }
}
