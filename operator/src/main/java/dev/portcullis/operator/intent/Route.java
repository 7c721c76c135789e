package dev.portcullis.operator.intent;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A known endpoint, with what it inherits from the policy already written in. Order matters: the
 * first route whose path and method match decides.
 *
 * @param callers who may use it; never empty
 * @param proof what a request must prove beside the caller's certificate
 * @param maxRequestBytes largest request body; none for {@link Exchange#WEB_SOCKET}
 * @param body what an API document says of it; empty for a route that the policy itself has
 * @param requestTimeout from the first byte of the request to the last byte of the response
 * @param exchange what it takes: a WebSocket's handshake is no request of the other kind, nor the
 *     other way round
 */
public record Route(
    String name,
    PathMatch path,
    List<String> methods,
    List<Caller> callers,
    Proof proof,
    List<RateLimit> rateLimits,
    long maxRequestBytes,
    Duration requestTimeout,
    Duration idleTimeout,
    Optional<DocumentedBody> body,
    Exchange exchange) {

  /** What callers and the application exchange. */
  public enum Exchange {
    REQUEST,
    WEB_SOCKET
  }

  public Route {
    methods = List.copyOf(methods);
    callers = List.copyOf(callers);
    rateLimits = List.copyOf(rateLimits);
  }

  /** For requests. */
  public Route(
      String name,
      PathMatch path,
      List<String> methods,
      List<Caller> callers,
      Proof proof,
      List<RateLimit> rateLimits,
      long maxRequestBytes,
      Duration requestTimeout,
      Duration idleTimeout,
      Optional<DocumentedBody> body) {
    this(
        name,
        path,
        methods,
        callers,
        proof,
        rateLimits,
        maxRequestBytes,
        requestTimeout,
        idleTimeout,
        body,
        Exchange.REQUEST);
  }

  /** Of which the caller's certificate alone is asked. */
  public Route(
      String name,
      PathMatch path,
      List<String> methods,
      List<Caller> callers,
      List<RateLimit> rateLimits,
      long maxRequestBytes,
      Duration requestTimeout,
      Duration idleTimeout) {
    this(
        name,
        path,
        methods,
        callers,
        new Proof.Nothing(),
        rateLimits,
        maxRequestBytes,
        requestTimeout,
        idleTimeout,
        Optional.empty());
  }

  /** Of the policy itself. */
  public Route(
      String name,
      PathMatch path,
      List<String> methods,
      List<Caller> callers,
      Proof proof,
      List<RateLimit> rateLimits,
      long maxRequestBytes,
      Duration requestTimeout,
      Duration idleTimeout) {
    this(
        name,
        path,
        methods,
        callers,
        proof,
        rateLimits,
        maxRequestBytes,
        requestTimeout,
        idleTimeout,
        Optional.empty());
  }

  /** The same endpoint for requests with such a body alone. */
  public Route with(DocumentedBody other) {
    return new Route(
        name,
        path,
        methods,
        callers,
        proof,
        rateLimits,
        maxRequestBytes,
        requestTimeout,
        idleTimeout,
        Optional.of(other),
        exchange);
  }

  /** The same endpoint for handshakes alone. */
  public Route ofWebSockets() {
    return new Route(
        name,
        path,
        methods,
        callers,
        proof,
        rateLimits,
        maxRequestBytes,
        requestTimeout,
        idleTimeout,
        body,
        Exchange.WEB_SOCKET);
  }

  public boolean isOfWebSockets() {
    return exchange == Exchange.WEB_SOCKET;
  }

  /** Whether it comes from an API document. */
  public boolean isDocumented() {
    return body.isPresent();
  }

  /** The same endpoint for whoever proves this. */
  public Route asking(Proof proof) {
    return new Route(
        name,
        path,
        methods,
        callers,
        proof,
        rateLimits,
        maxRequestBytes,
        requestTimeout,
        idleTimeout,
        body,
        exchange);
  }
}
