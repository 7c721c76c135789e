package dev.portcullis.operator.envoy;

import dev.portcullis.operator.envoytest.EnvoyProcess;
import dev.portcullis.operator.envoytest.FreePort;
import dev.portcullis.operator.envoytest.HttpText;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.envoytest.MtlsClient;
import dev.portcullis.operator.envoytest.QuietBackend;
import dev.portcullis.operator.envoytest.StaticEnvoy;
import dev.portcullis.operator.envoytest.TestIssuer;
import dev.portcullis.operator.envoytest.TestKeys;
import dev.portcullis.operator.envoytest.TestPki;
import dev.portcullis.operator.intent.AccessLog;
import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.Headers;
import dev.portcullis.operator.intent.Headers.Edits;
import dev.portcullis.operator.intent.Headers.Hardening;
import dev.portcullis.operator.intent.KeyRule;
import dev.portcullis.operator.intent.PathMatch;
import dev.portcullis.operator.intent.Proof;
import dev.portcullis.operator.intent.RateLimit;
import dev.portcullis.operator.intent.Route;
import dev.portcullis.operator.intent.Share;
import dev.portcullis.operator.intent.TokenIssuer;
import dev.portcullis.operator.intent.TokenIssuer.TokenFate;
import dev.portcullis.operator.intent.TokenRule;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * Processor time of Envoy for one allowed request over kept mTLS connections: without any filter,
 * under a usual policy, with a token, a key or lines of what is allowed asked for as well, and
 * under the usual policy without one feature at a time, which says where the time goes.
 */
public final class RequestCostBenchmark implements AutoCloseable {

  private static final int CONNECTIONS = 8;
  private static final int REQUESTS_OF_EACH = 750;
  private static final int ROUNDS = 9;

  /** Without these nothing is served at all. */
  private static final List<Class<? extends Feature>> NEEDED =
      List.of(ListenerSocket.class, TlsFeature.class, Routing.class, AppCluster.class);

  private static final TestIssuer CORP = TestIssuer.create("corp", "one");
  private static final String KEY = "orders-4f9c2d7e81a05b36c7d8e9f0a1b2c3d4";

  private final TestPki pki = TestPki.create();
  private final QuietBackend application = QuietBackend.start();
  private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Proxy> proxies = new LinkedHashMap<>();

  /** One proxy with what it has used for a request, round by round. */
  private record Proxy(EnvoyProcess envoy, MtlsClient client, HttpText request, List<Double> used) {

    double median() {
      return used.stream().sorted().skip(used.size() / 2).findFirst().orElseThrow();
    }
  }

  public static void main(String[] arguments) throws IOException {
    try (var benchmark = new RequestCostBenchmark()) {
      benchmark.start();
      for (var round = -1; round < ROUNDS; round++) {
        benchmark.round(round >= 0);
      }
      benchmark.print();
    }
  }

  private void start() throws IOException {
    var plain =
        HttpText.get("/api/v1/orders/4711")
            .header("accept: application/json")
            .header("user-agent: bench");
    open("no filter", withoutFilters(), plain);
    open("usual policy", translated(Features.IN_ORDER, usual()), plain);
    var token = new TokenRule(List.of(corp()), Map.of());
    open(
        "and a token",
        translated(Features.IN_ORDER, usual().asking(new Proof.OfToken(token))),
        plain.header("authorization: Bearer " + CORP.token(Map.of())));
    var key = new KeyRule(TestKeys.of(Map.of(KEY, "orders")), List.of());
    open(
        "and a key",
        translated(Features.IN_ORDER, usual().asking(new Proof.OfKey(key))),
        plain.header(TestKeys.HEADER + ": " + KEY));
    open("and lines of 1%", logged(new Share(10_000)), plain);
    open("and lines of 100%", logged(new Share(1_000_000)), plain);
    for (var feature : Features.IN_ORDER) {
      if (!NEEDED.contains(feature.getClass()) && !(feature instanceof CallerIdentity)) {
        // Others refuse what CallerIdentity has not looked at.
        var others = Features.IN_ORDER.stream().filter(each -> each != feature).toList();
        open(without(feature), translated(others, usual()), plain);
      }
    }
  }

  private static String without(Feature feature) {
    return "  without " + feature.getClass().getSimpleName();
  }

  /** A rate for each address, a rate for each caller, five header rules. */
  private static Route usual() {
    var address = rate("address", new RateLimit.Key.ClientAddress());
    var caller = rate("caller", new RateLimit.Key.CallerIdentity());
    var order = Intents.route("read-order", new PathMatch.Template("/api/v1/orders/{id}"), "GET");
    return Intents.withLimits(order, address, caller);
  }

  private static RateLimit rate(String name, RateLimit.Key per) {
    return new RateLimit(
        name,
        List.of(per),
        1_000_000,
        Duration.ofSeconds(1),
        1_000_000,
        100_000,
        RateLimit.Reach.ROUTE);
  }

  private static TokenIssuer corp() {
    return CORP.trusted(Map.of("sub", "x-user"), TokenFate.REMOVED, CORP.key());
  }

  /** With the usual bound, which a load such as this reaches at once where all are drawn. */
  private EnvoyResources logged(Share share) {
    var log = new AccessLog(Map.of("read-order", share), AccessLog.DEFAULT.linesPerSecond());
    return translated(Features.IN_ORDER, Intents.routes(usual()).and(Intents.accessLog(log)));
  }

  private EnvoyResources translated(List<Feature> features, Route route) {
    return translated(features, Intents.routes(route));
  }

  private EnvoyResources translated(List<Feature> features, Intents.Change routes) {
    var request =
        new Edits(List.of("x-debug", "x-forwarded-host"), Map.of("x-tier", "gold"), Map.of());
    var response = new Edits(List.of("x-internal"), Map.of("x-api", "orders"), Map.of());
    var headers = new Headers(request, response, Hardening.HARDENED);
    return new EnvoyTranslator(features).translate(sample(routes.and(Intents.headers(headers))));
  }

  private BackendIntent sample(Intents.Change change) {
    return Intents.sample(application.port(), FreePort.next(), change);
  }

  private void open(String name, EnvoyResources resources, HttpText request) throws IOException {
    var envoy = StaticEnvoy.run(Files.createTempDirectory("cost"), pki, resources);
    var port = resources.listener().getAddress().getSocketAddress().getPortValue();
    var client = MtlsClient.to(port, pki.issue(Intents.EDGE));
    proxies.put(name, new Proxy(envoy, client, request, new ArrayList<>()));
  }

  /** The same TLS, the same application, and the router alone. */
  private EnvoyResources withoutFilters() {
    var needed =
        Features.IN_ORDER.stream().filter(each -> NEEDED.contains(each.getClass())).toList();
    var all = Intents.routes(Intents.route("all", new PathMatch.Prefix("/"), "GET"));
    var resources = new EnvoyTranslator(needed).translate(sample(all));
    var routes = resources.routes().toBuilder();
    var host = routes.getVirtualHostsBuilder(0);
    var toApplication =
        host.getRoutesList().stream().filter(each -> each.hasRoute()).findFirst().orElseThrow();
    host.clearRoutes().addRoutes(toApplication.toBuilder().setMatch(RouteMatches.anyPath()));
    return new EnvoyResources(
        "",
        Chains.without(FilterNames.LISTENER_VERSION, resources.listener()),
        routes.build(),
        resources.clusters());
  }

  private void round(boolean counts) {
    proxies
        .values()
        .forEach(
            proxy -> {
              var before = proxy.envoy().cpu();
              load(proxy);
              var used = proxy.envoy().cpu().minus(before);
              if (counts) {
                proxy.used().add(used.toNanos() / 1000.0 / CONNECTIONS / REQUESTS_OF_EACH);
              }
            });
  }

  private void load(Proxy proxy) {
    var running =
        IntStream.range(0, CONNECTIONS).mapToObj(one -> callers.submit(() -> call(proxy))).toList();
    running.forEach(RequestCostBenchmark::await);
  }

  private static Void call(Proxy proxy) throws IOException {
    try (var connection = proxy.client().connect()) {
      for (var sent = 0; sent < REQUESTS_OF_EACH; sent++) {
        var answer = connection.send(proxy.request());
        if (answer.status() != 200) {
          throw new IllegalStateException("not allowed: " + answer);
        }
      }
    }
    return null;
  }

  private static void await(Future<?> running) {
    try {
      running.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void print() {
    var floor = proxies.get("no filter").median();
    var usual = proxies.get("usual policy").median();
    System.out.printf("%-30s %10s %8s %12s%n", "", "us/request", "ratio", "us of usual");
    proxies.forEach(
        (name, proxy) ->
            System.out.printf(
                "%-30s %10.1f %8.2f %12s%n",
                name,
                proxy.median(),
                proxy.median() / floor,
                name.startsWith(" ") ? "%.1f".formatted(usual - proxy.median()) : ""));
  }

  @Override
  public void close() {
    callers.shutdownNow();
    proxies.values().forEach(proxy -> proxy.envoy().close());
    application.close();
  }
}
