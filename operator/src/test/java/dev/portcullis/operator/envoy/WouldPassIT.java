package dev.portcullis.operator.envoy;

import static dev.portcullis.operator.envoytest.Intents.route;
import static dev.portcullis.operator.envoytest.Intents.withCallers;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.envoy.Verdict.Denied;
import dev.portcullis.operator.envoy.Verdict.Passes;
import dev.portcullis.operator.envoytest.Gate;
import dev.portcullis.operator.envoytest.HttpText;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.envoytest.TestIssuer;
import dev.portcullis.operator.envoytest.TestKeys;
import dev.portcullis.operator.golden.BackendViews;
import dev.portcullis.operator.golden.GoldenFolder;
import dev.portcullis.operator.intent.Caller;
import dev.portcullis.operator.intent.Caller.Origin;
import dev.portcullis.operator.intent.KeyRule;
import dev.portcullis.operator.intent.PathMatch;
import dev.portcullis.operator.intent.Proof;
import dev.portcullis.operator.intent.Route;
import dev.portcullis.operator.intent.Shadow;
import dev.portcullis.operator.intent.TokenIssuer.TokenFate;
import dev.portcullis.operator.intent.TokenRule;
import dev.portcullis.operator.resolve.PolicyResolver;
import dev.portcullis.operator.resolve.Resolution.Resolved;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The forecast and the gate, over requests that nobody has written: they never disagree. */
class WouldPassIT {

  private static final int REQUESTS = Integer.getInteger("requests", 800);
  private static final long SEED = Long.getLong("seed", 1);
  private static final String KEY = "b1lling-4f9c2d7e81a05b36c7d8e9f0";
  private static final String OTHER_KEY = "shipping-0a1b2c3d4e5f60718293a4b5";
  private static final TestIssuer CORP = TestIssuer.create("corp", "one");

  private static final List<String> METHODS =
      List.of("GET", "GET", "GET", "GET", "GET", "GET", "POST", "PUT", "DELETE", "OPTIONS");
  private static final List<String> CALLERS =
      List.of(Intents.EDGE, Intents.EDGE, Intents.BATCH, "spiffe://mesh.example/ns/x/sa/stranger");
  private static final List<String> ADDRESSES =
      List.of("127.0.0.1", "127.40.0.1", "127.40.9.9", "127.66.6.6");
  private static final List<String> TYPES =
      List.of("application/json", "Application/JSON; a=b", "text/plain", "");

  @Test
  void aPolicyOfEveryKindOfRule() throws IOException {
    var keys = TestKeys.of(Map.of(KEY, "billing", OTHER_KEY, "shipping"));
    var any = new KeyRule(keys, List.of());
    var billing = new KeyRule(keys, List.of("billing"));
    var token =
        new TokenRule(List.of(CORP.trusted(Map.of(), TokenFate.REMOVED, CORP.key())), Map.of());
    var near =
        new Caller(
            "near",
            new Origin.Addresses(List.of("127.40.0.0/16"), List.of("127.40.9.0/24")),
            Intents.BATCH_CALLER.identities());
    agree(
        Intents.callers(Intents.EDGE_CALLER, near)
            .and(Intents.blocked("127.66.0.0/16", "127.77.0.0/16"))
            .and(
                Intents.routes(
                    route("orders", new PathMatch.Exact("/api/orders"), "GET", "POST"),
                    withCallers(
                        route("order", new PathMatch.Template("/api/orders/{id}"), "GET"), near),
                    route("change", new PathMatch.Template("/api/orders/{id}"), "PUT", "DELETE"),
                    withCallers(
                        route("item", new PathMatch.Template("/api/orders/{id}/items/{n}"), "GET"),
                        Intents.EDGE_CALLER,
                        near),
                    route("files", new PathMatch.Prefix("/files"), "GET", "PUT"),
                    exact("key").asking(new Proof.OfKey(any)),
                    exact("billing").asking(new Proof.OfKey(billing)),
                    exact("token").asking(new Proof.OfToken(token)),
                    exact("either").asking(new Proof.Either(token, billing)),
                    exact("both").asking(new Proof.Both(token, billing)),
                    route("chat", new PathMatch.Exact("/chat"), "GET").ofWebSockets())),
        List.of("blocked", "claims", "key", "token", "upgrade"),
        List.of(
            "/api/orders",
            "/api/orders/7",
            "/api/orders/a.b~c",
            "/api/orders/7/items/2",
            "/files",
            "/files/a/b.txt",
            "/key",
            "/billing",
            "/token",
            "/either",
            "/both",
            "/chat",
            "/"));
  }

  @Test
  void aDocumentedPolicy() throws IOException {
    var folder = new GoldenFolder(Path.of("src/test/resources/translation/openapi"));
    var resolved = (Resolved) PolicyResolver.resolve(BackendViews.of(folder));
    var id = "123e4567-e89b-12d3-a456-426614174000";
    agree(
        Intents.routes(resolved.intent().routes().toArray(Route[]::new)),
        List.of("media-type"),
        List.of(
            "/api/v1/orders",
            "/api/v1/orders/" + id,
            "/api/v1/orders/latest",
            "/api/v1/orders/abc",
            "/api/v1/orders/" + id + "/items/-7",
            "/api/v1/orders/" + id + "/invoice.pdf",
            "/api/v1/reports/sales/2026-11-23/AB-1/anything/",
            "/api/v1/reports/gifts/2026-11-23/AB-1/anything/"));
  }

  @Test
  void aPolicyInShadowWithARouteThatIsNot() throws IOException {
    var orders = new PathMatch.Template("/api/orders/{id}");
    agree(
        Intents.routes(
                route("order", orders, "GET"),
                withCallers(route("purge", orders, "DELETE"), Intents.BATCH_CALLER),
                withCallers(exact("batch"), Intents.BATCH_CALLER))
            .and(
                Intents.shadow(
                    new Shadow.OfPolicy(List.of("order", "batch"), Duration.ofSeconds(15))))
            .and(Intents.blocked("127.66.6.6/32")),
        List.of("blocked", "upgrade"),
        List.of("/api/orders/7", "/batch", "/unknown"));
  }

  private static Route exact(String name) {
    return route(name, new PathMatch.Exact("/" + name), "GET");
  }

  private static void agree(Intents.Change change, List<String> layers, List<String> paths)
      throws IOException {
    try (var gate = Gate.open(change)) {
      var forecast = new WouldPass(Intents.sample(1, gate.port(), change));
      var random = new Random(SEED);
      var disagreements = new ArrayList<String>();
      var outcomes = new TreeMap<String, Integer>();
      for (var sent = 0; sent < REQUESTS; sent++) {
        var request = request(random, paths);
        var foretold = text(forecast.on(request));
        var seen = answerOf(gate, request);
        outcomes.merge(seen.replaceAll("-[b-t]{8}$", ""), 1, Integer::sum);
        if (!foretold.equals(seen)) {
          disagreements.add(request + ": foretold " + foretold + ", seen " + seen);
        }
      }
      assertThat(disagreements).as("seed " + SEED).isEmpty();
      assertThat(outcomes)
          .containsKeys("passes", "callers", "path", "method", "malformed")
          .containsKeys(layers.toArray(String[]::new));
    }
  }

  private static String text(Verdict verdict) {
    return switch (verdict) {
      case Passes _ -> "passes";
      case Denied(var id, _) -> id.toString();
    };
  }

  private static String answerOf(Gate gate, SampleRequest request) throws IOException {
    var text = HttpText.of(request.method(), request.target());
    for (var header : request.headers().entrySet()) {
      text = text.header(header.getKey() + ": " + header.getValue());
    }
    gate.application().forget();
    var answer = gate.as(request.caller()).from(request.address().orElseThrow()).send(text);
    return gate.application().seen().isEmpty()
        ? answer.header(DenialId.HEADER).orElse("no id, status " + answer.status())
        : "passes";
  }

  private static SampleRequest request(Random random, List<String> paths) {
    var headers = new TreeMap<String, String>();
    sometimes(random, 3, () -> headers.put("content-type", oneOf(random, TYPES)));
    sometimes(random, 2, () -> headers.put("x-api-key", key(random)));
    sometimes(random, 2, () -> headers.put("authorization", "Bearer " + CORP.token(Map.of())));
    sometimes(random, 40, () -> headers.put("a_b", "c"));
    sometimes(
        random,
        20,
        () -> {
          headers.put("connection", "upgrade");
          headers.put("upgrade", "websocket");
        });
    return new SampleRequest(
        oneOf(random, METHODS),
        spelled(random, oneOf(random, paths)),
        headers,
        oneOf(random, CALLERS),
        Optional.of(oneOf(random, ADDRESSES)));
  }

  private static String key(Random random) {
    return oneOf(random, List.of(KEY, KEY, OTHER_KEY, "n".repeat(40), "short"));
  }

  /** As it is, or in one of the ways in which people try to get around a gate. */
  private static String spelled(Random random, String path) {
    var at = path.lastIndexOf('/');
    return switch (random.nextInt(24)) {
      case 0 -> path + "/";
      case 1 -> path.replaceFirst("/", "//");
      case 2 -> path.substring(0, at) + "/." + path.substring(at);
      case 3 -> path.substring(0, at) + "/x/.." + path.substring(at);
      case 4 -> path + "?a=/b&c=%2f";
      case 5 -> path + ";a=b";
      case 6 -> path + "%2f";
      case 7 -> path.replace("a", "%61").replace("o", "%6F");
      case 8 -> path.toUpperCase(java.util.Locale.ROOT);
      case 9 -> path + "/..";
      case 10 -> path + "%2561";
      case 11 -> path + "/more";
      default -> path;
    };
  }

  private static void sometimes(Random random, int outOf, Runnable what) {
    if (random.nextInt(outOf) == 0) {
      what.run();
    }
  }

  private static String oneOf(Random random, List<String> all) {
    return all.get(random.nextInt(all.size()));
  }
}
