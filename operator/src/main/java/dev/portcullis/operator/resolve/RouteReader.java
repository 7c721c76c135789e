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
import dev.portcullis.operator.resolve.OpenApiRoutes.Derived;
import dev.portcullis.operator.resolve.openapi.OpenApiReading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code spec.routes}, each with what it inherits from the policy.
 *
 * @param callers of the whole policy
 * @param proofs that the whole policy knows
 * @param rates reads their limits
 */
record RouteReader(
    ApiBackendPolicySpec spec, List<Caller> callers, ProofReader proofs, RateLimitReader rates) {

  /**
   * All of them, the policy's own before those of its document.
   *
   * @param reading of the document that the policy refers to
   */
  Derived read(Optional<OpenApiReading> reading, At at) {
    var own = own(at);
    var derived = derived(own, reading, new At("spec.openApi", at.problems()));
    var all = Stream.concat(own.stream(), derived.routes().stream()).toList();
    if (spec.openApi() == null || derived.documentation().isPresent()) {
      proofs.requireAsked(all, new At("spec.authentication", at.problems()));
    }
    RateLimitReader.requireMemory(all, at);
    return new Derived(all, derived.documentation());
  }

  private List<Route> own(At at) {
    if (spec.routes().isEmpty() && spec.openApi() == null) {
      at.invalid("Name at least one route, or give openApi: what is not named is denied.");
    }
    var shared = rates.readShared(spec.rateLimits(), new At("spec.rateLimits", at.problems()));
    var result = new ArrayList<Route>();
    for (var index = 0; index < spec.routes().size(); index++) {
      requireMethods(spec.routes().get(index), at.item(index));
      result.add(read(spec.routes().get(index), shared, at.item(index)));
    }
    Names.requireUnique(result.stream().map(Route::name).toList(), at);
    RouteCoverage.requireReachable(result, at);
    return result;
  }

  private Derived derived(List<Route> own, Optional<OpenApiReading> reading, At at) {
    return spec.openApi() == null
        ? Derived.NOTHING
        : new OpenApiRoutes(spec.openApi(), own, inherited(at)).read(reading, at);
  }

  /** A route with everything that the policy says for all; its name and path mean nothing. */
  private Route inherited(At at) {
    // What is wrong with the limits is told where they are read first.
    var shared = rates.readShared(spec.rateLimits(), new At("", new Problems()));
    var plain =
        new RouteSpec(
            "openapi",
            new RouteSpec.Path("/", null, null),
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null);
    return read(plain, shared, at);
  }

  private static void requireMethods(RouteSpec route, At at) {
    if (route.methods().isEmpty()) {
      at.field("methods").invalid("Name at least one method.");
    }
  }

  private Route read(RouteSpec route, List<RateLimit> shared, At at) {
    var known =
        new Route(
            Names.read(route.name(), at.field("name")),
            PathReader.read(route.path(), at.field("path")),
            route.methods().stream().map(Enum::name).distinct().toList(),
            callersOf(route, at.field("callers")),
            proofs.proofOf(route.authentication(), at.field("authentication")),
            rates.read(route.rateLimits(), shared, at.field("rateLimits")),
            requestBody(route, at),
            request(route, at),
            idle(route, at));
    RateLimitReader.requireProved(known, proofs, at.field("rateLimits"));
    if (route.upgrades().isEmpty()) {
      return known;
    }
    WebSocketRules.require(spec, route, at);
    return known.ofWebSockets();
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
    return Amounts.duration(
        at.field("timeouts").field("request"), or(own, inheritedRequest(route)));
  }

  /** A WebSocket is as long as a connection. */
  private String inheritedRequest(RouteSpec route) {
    return route.upgrades().isEmpty()
        ? or(in(spec.timeouts(), TimeoutsSpec::request), Defaults.REQUEST_TIMEOUT)
        : or(in(spec.limits(), LimitsSpec::connectionLifetime), Defaults.CONNECTION_LIFETIME);
  }

  private Duration idle(RouteSpec route, At at) {
    var own = in(route.timeouts(), RouteSpec.Timeouts::idle);
    var inherited = or(in(spec.timeouts(), TimeoutsSpec::idle), Defaults.IDLE_TIMEOUT);
    return Amounts.duration(at.field("timeouts").field("idle"), or(own, inherited));
  }
}
