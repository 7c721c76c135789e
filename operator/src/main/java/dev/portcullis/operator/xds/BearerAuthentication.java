package dev.portcullis.operator.xds;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a call in only with a bearer token that proves which pod makes it. Blocks for the proof, so
 * the server must run calls on virtual threads.
 */
final class BearerAuthentication implements ServerInterceptor {

  private static final Logger LOG = LoggerFactory.getLogger(BearerAuthentication.class);

  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final String SCHEME = "Bearer ";

  /** So that a storm of reconnecting proxies is no storm for the API server. */
  private static final int CONCURRENT_PROOFS = 64;

  private static final Duration LONGEST_QUEUE = Duration.ofSeconds(10);

  private static final Duration MOST_JITTER = Duration.ofMinutes(5);

  private final PeerAuthenticator authenticator;
  private final XdsMetrics metrics;
  private final InstantSource clock;
  private final LineBound lines;
  private final Semaphore proofs = new Semaphore(CONCURRENT_PROOFS);

  BearerAuthentication(PeerAuthenticator authenticator, XdsMetrics metrics, InstantSource clock) {
    this.authenticator = authenticator;
    this.metrics = metrics;
    this.clock = clock;
    this.lines = new LineBound(clock);
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    return switch (verdict(headers.get(AUTHORIZATION))) {
      case PeerAuthenticator.Verdict.Authenticated(var peer, var expiry) -> {
        var session = PeerSession.of(peer, endBefore(expiry));
        var context = Context.current().withValue(PeerSession.KEY, session);
        yield Contexts.interceptCall(context, call, headers, next);
      }
      case PeerAuthenticator.Verdict.Refused(var reason) -> {
        metrics.streamRefused(XdsMetrics.Refused.UNAUTHENTICATED);
        log("stream refused: not authenticated", reason);
        yield refuse(call, Status.UNAUTHENTICATED.withDescription("no valid token"));
      }
      case PeerAuthenticator.Verdict.Unavailable(var reason) -> {
        metrics.streamRefused(XdsMetrics.Refused.UNAVAILABLE);
        log("stream refused: cannot authenticate now", reason);
        yield refuse(call, Status.UNAVAILABLE.withDescription("cannot authenticate now"));
      }
    };
  }

  private void log(String message, String reason) {
    lines
        .next()
        .ifPresent(
            leftOut ->
                LOG.atWarn()
                    .addKeyValue("reason", reason)
                    .addKeyValue("leftOut", leftOut)
                    .log(message));
  }

  private static <Q, A> ServerCall.Listener<Q> refuse(ServerCall<Q, A> call, Status status) {
    call.close(status, new Metadata());
    return new ServerCall.Listener<>() {};
  }

  private PeerAuthenticator.Verdict verdict(String authorization) {
    if (authorization == null
        || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return new PeerAuthenticator.Verdict.Refused("no bearer token");
    }
    try {
      return prove(authorization.substring(SCHEME.length()).strip());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new PeerAuthenticator.Verdict.Unavailable("interrupted");
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).log("authentication failed by a defect");
      return new PeerAuthenticator.Verdict.Unavailable(e.getClass().getSimpleName());
    }
  }

  private PeerAuthenticator.Verdict prove(String token) throws InterruptedException {
    if (!proofs.tryAcquire(LONGEST_QUEUE.toMillis(), TimeUnit.MILLISECONDS)) {
      return new PeerAuthenticator.Verdict.Unavailable("too many at once");
    }
    try {
      return authenticator.authenticate(token);
    } finally {
      proofs.release();
    }
  }

  /**
   * A proxy sends a rotated token on its next stream only, so the stream ends while the token still
   * holds: up to a tenth of its remaining life early, so that streams of one age do not all come
   * back at once. The kubelet rotates at four fifths.
   */
  private Instant endBefore(Instant expiry) {
    var remaining = Duration.between(clock.instant(), expiry);
    var window = Math.min(remaining.toMillis() / 10, MOST_JITTER.toMillis());
    return window <= 0
        ? expiry
        : expiry.minusMillis(ThreadLocalRandom.current().nextLong(window + 1));
  }
}
