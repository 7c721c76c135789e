package dev.portcullis.operator.intent;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Everything that one policy asks of its backend's gate, with every default applied.
 *
 * @param documentation where some routes come from; empty where all are the policy's own
 */
public record BackendIntent(
    BackendKey key,
    PodSelector selector,
    Application application,
    Inbound inbound,
    List<Caller> callers,
    List<Route> routes,
    Limits limits,
    Timeouts timeouts,
    Headers headers,
    Mesh mesh,
    List<Call> calls,
    Overload overload,
    Optional<Documentation> documentation) {

  public BackendIntent {
    callers = List.copyOf(callers);
    routes = List.copyOf(routes);
    calls = List.copyOf(calls);
  }

  /** Of an application that calls nobody, and the usual answer to too much. */
  public BackendIntent(
      BackendKey key,
      PodSelector selector,
      Application application,
      Inbound inbound,
      List<Caller> callers,
      List<Route> routes,
      Limits limits,
      Timeouts timeouts,
      Headers headers,
      Mesh mesh) {
    this(
        key,
        selector,
        application,
        inbound,
        callers,
        routes,
        limits,
        timeouts,
        headers,
        mesh,
        List.of(),
        Overload.DEFAULT);
  }

  /** Of a backend that no API document describes. */
  public BackendIntent(
      BackendKey key,
      PodSelector selector,
      Application application,
      Inbound inbound,
      List<Caller> callers,
      List<Route> routes,
      Limits limits,
      Timeouts timeouts,
      Headers headers,
      Mesh mesh,
      List<Call> calls,
      Overload overload) {
    this(
        key,
        selector,
        application,
        inbound,
        callers,
        routes,
        limits,
        timeouts,
        headers,
        mesh,
        calls,
        overload,
        Optional.empty());
  }

  /** Those that any route asks for, each once, in the order in which routes ask. */
  public List<TokenIssuer> tokenIssuers() {
    return routes.stream()
        .flatMap(route -> route.proof().tokenRule().stream())
        .flatMap(rule -> rule.issuers().stream())
        .distinct()
        .toList();
  }

  /** What of tokens requests are counted by, sorted. */
  public List<String> countedClaims() {
    return routes.stream()
        .flatMap(route -> route.rateLimits().stream())
        .flatMap(limit -> limit.per().stream())
        .flatMap(
            key -> key instanceof RateLimit.Key.Claim(var name) ? Stream.of(name) : Stream.of())
        .sorted()
        .distinct()
        .toList();
  }

  public boolean takesWebSockets() {
    return routes.stream().anyMatch(Route::isOfWebSockets);
  }

  /** The keys that routes ask for, where any does. */
  public Optional<ApiKeys> apiKeys() {
    return routes.stream()
        .flatMap(route -> route.proof().keyRule().stream())
        .map(KeyRule::keys)
        .findFirst();
  }

  /** The same gate for pods that are reached in another way than the policy asks for now. */
  public BackendIntent capturedBy(Inbound.Capture capture) {
    return new BackendIntent(
        key,
        selector,
        application,
        new Inbound(inbound.port(), inbound.tls(), capture, inbound.streams()),
        callers,
        routes,
        limits,
        timeouts,
        headers,
        mesh,
        calls,
        overload,
        documentation);
  }
}
