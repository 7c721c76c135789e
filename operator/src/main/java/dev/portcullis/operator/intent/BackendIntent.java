package dev.portcullis.operator.intent;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Everything that one policy asks of its backend's gate, with every default applied.
 *
 * @param documentation where some routes come from; empty where all are the policy's own
 * @param shadow what denies nothing; empty where all of it is enforced
 * @param accessLog empty where it is the {@linkplain AccessLog#DEFAULT usual} one
 * @param blocked empty where no place is shut out
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
    Optional<Documentation> documentation,
    Optional<Shadow> shadow,
    Optional<AccessLog> accessLog,
    Optional<Blocked> blocked) {

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

  /** Of a backend that no API document describes, all of it enforced. */
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
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
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

  /** The limits that are counted in the store, and what becomes of requests without it. */
  public Stream<RateLimit.Outage> outages() {
    return routes.stream()
        .flatMap(route -> route.rateLimits().stream())
        .flatMap(limit -> limit.inStore().stream())
        .distinct();
  }

  /** Whether this route denies nothing. */
  public boolean isShadowed(Route route) {
    return shadow.filter(some -> some.covers(route)).isPresent();
  }

  /** Whether all of it but the routes that are excepted denies nothing. */
  public boolean isShadowed() {
    return timeoutOfUnknown().isPresent();
  }

  /** Set where requests that are of no route are let through, and how long they may take. */
  public Optional<Duration> timeoutOfUnknown() {
    return shadow.flatMap(
        some ->
            some instanceof Shadow.OfPolicy(_, var timeout)
                ? Optional.of(timeout)
                : Optional.empty());
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
        new Inbound(inbound.port(), inbound.tls(), capture, inbound.streams(), inbound.http3()),
        callers,
        routes,
        limits,
        timeouts,
        headers,
        mesh,
        calls,
        overload,
        documentation,
        shadow,
        accessLog,
        blocked);
  }

  /** The part of its allowed requests that lines are written about. */
  public Share loggedOf(Route route) {
    return log().allowed().getOrDefault(route.name(), Share.NONE);
  }

  /** Which lines are written. */
  public AccessLog log() {
    return accessLog.orElse(AccessLog.DEFAULT);
  }
}
