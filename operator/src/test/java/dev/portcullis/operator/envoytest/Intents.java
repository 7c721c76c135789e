package dev.portcullis.operator.envoytest;

import dev.portcullis.operator.intent.AccessLog;
import dev.portcullis.operator.intent.Application;
import dev.portcullis.operator.intent.Application.Breaker;
import dev.portcullis.operator.intent.Application.HealthCheck;
import dev.portcullis.operator.intent.Application.Pool;
import dev.portcullis.operator.intent.Application.Protocol;
import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.BackendKey;
import dev.portcullis.operator.intent.Blocked;
import dev.portcullis.operator.intent.Call;
import dev.portcullis.operator.intent.Caller;
import dev.portcullis.operator.intent.Headers;
import dev.portcullis.operator.intent.Headers.Edits;
import dev.portcullis.operator.intent.Headers.Hardening;
import dev.portcullis.operator.intent.Inbound;
import dev.portcullis.operator.intent.Inbound.Http3;
import dev.portcullis.operator.intent.Limits;
import dev.portcullis.operator.intent.Mesh;
import dev.portcullis.operator.intent.Overload;
import dev.portcullis.operator.intent.PathMatch;
import dev.portcullis.operator.intent.PodSelector;
import dev.portcullis.operator.intent.RateLimit;
import dev.portcullis.operator.intent.RateService;
import dev.portcullis.operator.intent.Route;
import dev.portcullis.operator.intent.Shadow;
import dev.portcullis.operator.intent.SpiffeId;
import dev.portcullis.operator.intent.Timeouts;
import dev.portcullis.operator.intent.Tls;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A sample backend, {@code shop/orders}, and how tests change it. */
public final class Intents {

  public static final List<RateLimit.Key> PER_ADDRESS = List.of(new RateLimit.Key.ClientAddress());

  public static final String TRUST_DOMAIN = "mesh.example";
  public static final String BACKEND = "spiffe://mesh.example/ns/shop/sa/orders";
  public static final String EDGE = "spiffe://mesh.example/ns/ingress/sa/edge";
  public static final String BATCH = "spiffe://mesh.example/ns/shop/sa/batch";
  public static final String OPERATOR = "spiffe://mesh.example/ns/portcullis-system/sa/operator";

  public static final Caller EDGE_CALLER = caller("edge", new Caller.Origin.Anywhere(), EDGE);
  public static final Caller BATCH_CALLER = caller("batch", new Caller.Origin.Anywhere(), BATCH);

  /** What a test asks for beyond the sample. */
  @FunctionalInterface
  public interface Change extends UnaryOperator<BackendIntent> {

    default Change and(Change next) {
      return intent -> next.apply(apply(intent));
    }
  }

  /** As it is: one known order by template, one collection, one subtree; all for the edge. */
  public static final Change NONE = intent -> intent;

  /** On these ports, with {@code Capture.NONE}. */
  public static BackendIntent sample(int applicationPort, int inboundPort, Change change) {
    var nothing = new Edits(List.of(), Map.of(), Map.of());
    return change.apply(
        new BackendIntent(
            new BackendKey("shop", "orders"),
            new PodSelector(Map.of("app", "orders"), List.of()),
            new Application(
                applicationPort, Protocol.HTTP1, Duration.ofSeconds(1), Optional.empty()),
            new Inbound(inboundPort, Tls.DEFAULT, Inbound.Capture.NONE),
            List.of(EDGE_CALLER),
            List.of(
                route("read-order", new PathMatch.Template("/api/v1/orders/{id}"), "GET"),
                route("orders", new PathMatch.Exact("/api/v1/orders"), "GET", "POST"),
                route("files", new PathMatch.Prefix("/files"), "GET", "PUT")),
            new Limits(32 * 1024, 100, 10_000, Duration.ofHours(1)),
            new Timeouts(Duration.ofSeconds(60), Duration.ofSeconds(10)),
            new Headers(nothing, nothing, Hardening.HARDENED),
            new Mesh(TRUST_DOMAIN, new SpiffeId(OPERATOR))));
  }

  public static Caller caller(String name, Caller.Origin origin, String... identities) {
    return new Caller(name, origin, Arrays.stream(identities).map(SpiffeId::new).toList());
  }

  /** For the edge, 2 MiB, 15 s, no rate limit. */
  public static Route route(String name, PathMatch path, String... methods) {
    return new Route(
        name,
        path,
        List.of(methods),
        List.of(EDGE_CALLER),
        List.of(),
        2 * 1024 * 1024,
        Duration.ofSeconds(15),
        Duration.ofSeconds(60));
  }

  public static Route withCallers(Route route, Caller... callers) {
    return new Route(
        route.name(),
        route.path(),
        route.methods(),
        List.of(callers),
        route.proof(),
        route.rateLimits(),
        route.maxRequestBytes(),
        route.requestTimeout(),
        route.idleTimeout());
  }

  public static Route withTimeout(Route route, Duration request) {
    return new Route(
        route.name(),
        route.path(),
        route.methods(),
        route.callers(),
        route.proof(),
        route.rateLimits(),
        route.maxRequestBytes(),
        request,
        route.idleTimeout());
  }

  public static Route withBody(Route route, long maxBytes) {
    return new Route(
        route.name(),
        route.path(),
        route.methods(),
        route.callers(),
        route.proof(),
        route.rateLimits(),
        maxBytes,
        route.requestTimeout(),
        route.idleTimeout());
  }

  public static Route withLimits(Route route, RateLimit... limits) {
    return new Route(
        route.name(),
        route.path(),
        route.methods(),
        route.callers(),
        route.proof(),
        List.of(limits),
        route.maxRequestBytes(),
        route.requestTimeout(),
        route.idleTimeout());
  }

  /** In an installation that has this service. */
  public static Change countedBy(RateService service) {
    return IntentDraft.changing(draft -> draft.mesh = draft.mesh.with(service));
  }

  public static Change routes(Route... routes) {
    return IntentDraft.changing(draft -> draft.routes = List.of(routes));
  }

  public static Change callers(Caller... callers) {
    return IntentDraft.changing(draft -> draft.callers = List.of(callers));
  }

  public static Change headers(Headers headers) {
    return IntentDraft.changing(draft -> draft.headers = headers);
  }

  public static Change limits(Limits limits) {
    return IntentDraft.changing(draft -> draft.limits = limits);
  }

  public static Change timeouts(Timeouts timeouts) {
    return IntentDraft.changing(draft -> draft.timeouts = timeouts);
  }

  public static Change application(Application application) {
    return IntentDraft.changing(draft -> draft.application = application);
  }

  public static Change tls(Tls tls) {
    return IntentDraft.changing(
        draft -> draft.inbound = new Inbound(draft.inbound.port(), tls, draft.inbound.capture()));
  }

  public static Change streams(int most) {
    return IntentDraft.changing(
        draft ->
            draft.inbound =
                new Inbound(
                    draft.inbound.port(),
                    draft.inbound.tls(),
                    draft.inbound.capture(),
                    most,
                    draft.inbound.http3()));
  }

  /** HTTP/3 beside the rest, on the UDP port of the same number. */
  public static Change http3(Http3 http3) {
    return IntentDraft.changing(
        draft ->
            draft.inbound =
                new Inbound(
                    draft.inbound.port(),
                    draft.inbound.tls(),
                    draft.inbound.capture(),
                    draft.inbound.streams(),
                    Optional.of(http3)));
  }

  public static Change pool(Pool pool) {
    return old -> {
      var app = old.application();
      var bounded =
          new Application(
              app.port(),
              app.protocol(),
              app.connectTimeout(),
              app.healthCheck(),
              pool,
              app.breaker());
      return application(bounded).apply(old);
    };
  }

  public static Change breaker(Breaker breaker) {
    return old -> {
      var app = old.application();
      var guarded =
          new Application(
              app.port(),
              app.protocol(),
              app.connectTimeout(),
              app.healthCheck(),
              app.pool(),
              Optional.of(breaker));
      return application(guarded).apply(old);
    };
  }

  public static Change calls(List<Call> calls) {
    return IntentDraft.changing(draft -> draft.calls = calls);
  }

  public static Change overload(Overload overload) {
    return IntentDraft.changing(draft -> draft.overload = overload);
  }

  public static Change shadow(Shadow shadow) {
    return IntentDraft.changing(draft -> draft.shadow = Optional.of(shadow));
  }

  public static Change accessLog(AccessLog log) {
    return IntentDraft.changing(draft -> draft.accessLog = Optional.of(log));
  }

  public static Change blocked(String... cidrs) {
    return IntentDraft.changing(draft -> draft.blocked = Optional.of(new Blocked(List.of(cidrs))));
  }

  public static Change healthCheck(HealthCheck check) {
    return old -> {
      var app = old.application();
      var checked =
          new Application(app.port(), app.protocol(), app.connectTimeout(), Optional.of(check));
      return application(checked).apply(old);
    };
  }

  private Intents() {}
}
