package dev.portcullis.operator.envoy;

import static dev.portcullis.operator.envoytest.Intents.route;
import static dev.portcullis.operator.envoytest.Intents.withCallers;
import static dev.portcullis.operator.envoytest.Intents.withLimits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.portcullis.operator.envoytest.Gate;
import dev.portcullis.operator.envoytest.Http3Caller;
import dev.portcullis.operator.envoytest.HttpText;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.envoytest.TestPki;
import dev.portcullis.operator.envoytest.TestPki.Credential;
import dev.portcullis.operator.intent.AccessLog;
import dev.portcullis.operator.intent.Caller;
import dev.portcullis.operator.intent.Caller.Origin;
import dev.portcullis.operator.intent.Epoch;
import dev.portcullis.operator.intent.Inbound.Http3;
import dev.portcullis.operator.intent.Limits;
import dev.portcullis.operator.intent.Outside;
import dev.portcullis.operator.intent.PathMatch;
import dev.portcullis.operator.intent.RateLimit;
import dev.portcullis.operator.intent.RateLimit.Reach;
import dev.portcullis.operator.intent.Share;
import dev.portcullis.operator.intent.SubjectName;
import dev.portcullis.operator.intent.Trust;
import dev.portcullis.operator.intent.Trust.Material.Usable;
import dev.portcullis.operator.intent.Trust.Revocation;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The gate over QUIC: the same rules as over TCP, counted in the same places. */
class Http3IT {

  private static final String ORDER = "/api/v1/orders/7";
  private static final String SEVERAL = "/api/v1/orders";
  private static final String STRANGER = "spiffe://mesh.example/ns/other/sa/other";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Intents.Change ON = Intents.http3(new Http3(Optional.empty()));

  /** As the injector writes them. */
  private static final String[] DRAIN = {"--drain-time-s", "2", "--drain-strategy", "immediate"};

  private static Gate gate;

  @BeforeAll
  static void open() {
    gate = Gate.open(ON);
  }

  @AfterAll
  static void close() {
    gate.close();
  }

  @BeforeEach
  void forget() {
    gate.application().forget();
  }

  private static Credential edge(Gate of) {
    return of.pki().issue(Intents.EDGE);
  }

  @Test
  void aCallerIsServedAndToldToTheApplication() throws IOException {
    try (var caller = gate.overHttp3(edge(gate))) {
      assertThat(caller.get(ORDER).status()).isEqualTo(200);

      assertThat(gate.application().last().header("x-portcullis-caller")).isEqualTo(Intents.EDGE);
      assertThat(caller.envoy().stat("cluster.gate.upstream_cx_http3_total")).isPositive();
    }
  }

  @Test
  void theAccessLogTellsOfTheAllowed() throws IOException {
    var all = new AccessLog(Map.of("read-order", new Share(1_000_000)), 1000);
    try (var logging = Gate.open(ON.and(Intents.accessLog(all)));
        var caller = logging.overHttp3(edge(logging))) {
      assertThat(caller.get(ORDER).status()).isEqualTo(200);

      logging.logged("\"event\":\"allowed\"", "\"protocol\":\"HTTP/3\"", Intents.EDGE);
    }
  }

  @Test
  void aStrangerIsRefusedAndTheLogSaysOverWhat() throws IOException {
    try (var stranger = gate.overHttp3(gate.pki().issue(STRANGER))) {
      var answer = stranger.get(ORDER);

      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.header("x-portcullis-denial")).isPresent();
      assertThat(answer.header("x-content-type-options")).contains("nosniff");
      gate.logged("\"protocol\":\"HTTP/3\"", STRANGER, "\"code\":403");
      assertThat(gate.application().seen()).isEmpty();
    }
  }

  @Test
  void whoHasNoCertificateOrOneOfAnotherCaReachesNothing() throws IOException {
    try (var nobody = gate.overHttp3(Optional.empty(), "127.0.0.1");
        var foreign = gate.overHttp3(TestPki.create().issue(Intents.EDGE))) {
      assertThat(nobody.get(ORDER)).matches(Http3Caller::isCutOff);
      assertThat(foreign.get(ORDER)).matches(Http3Caller::isCutOff);
      assertThat(gate.application().seen()).isEmpty();
    }
  }

  @Test
  void pathsMethodsSizesAndHeadersAreHeldAsOverTcp() throws IOException {
    try (var caller = gate.overHttp3(edge(gate))) {
      assertThat(caller.get("/no-such-path").status()).isEqualTo(404);
      assertThat(caller.send(HttpText.of("DELETE", SEVERAL)).status()).isEqualTo(405);
      assertThat(caller.get("/api/v1/orders%2F7").status()).isEqualTo(400);
      assertThat(caller.send(HttpText.of("POST", SEVERAL).chunked(3 << 20)).status())
          .isEqualTo(413);
      assertThat(caller.send(HttpText.get(ORDER).header("x_caller: me")).status())
          .isNotEqualTo(200);
      assertThat(
              caller.send(HttpText.get(ORDER).header("x-long: " + "a".repeat(40 << 10))).status())
          .isNotEqualTo(200);
      assertThat(gate.application().seen()).noneMatch(seen -> seen.path().contains("7"));

      assertThat(caller.send(HttpText.of("POST", SEVERAL).chunked(1 << 20)).status())
          .isEqualTo(200);
    }
  }

  @Test
  void whatACallerSaysOfItselfCountsForNothing() throws IOException {
    try (var stranger = gate.overHttp3(gate.pki().issue(STRANGER))) {
      var claim = HttpText.get(ORDER).header("x-portcullis-caller: " + Intents.EDGE);

      assertThat(stranger.send(claim).status()).isEqualTo(403);
    }
  }

  @Test
  void aHandshakeOfAWebSocketIsRefused() throws IOException {
    var chat = route("chat", new PathMatch.Exact("/chat"), "GET").ofWebSockets();
    try (var own = Gate.open(ON.and(Intents.routes(chat)));
        var caller = own.overHttp3(edge(own))) {
      var handshake =
          HttpText.get("/chat")
              .header("connection: upgrade")
              .header("upgrade: websocket")
              .header("sec-websocket-version: 13")
              .header("sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==");

      assertThat(caller.send(handshake).status()).isBetween(400, 599);
      assertThat(own.application().seen()).isEmpty();
    }
  }

  @Test
  void aRateIsOneForBoth() throws IOException {
    var limit =
        new RateLimit("five", Intents.PER_ADDRESS, 1, Duration.ofHours(1), 4, 100, Reach.ROUTE);
    var limited = withLimits(route("orders", new PathMatch.Exact(SEVERAL), "GET"), limit);
    try (var own = Gate.open(ON.and(Intents.routes(limited)));
        var caller = own.overHttp3(edge(own))) {
      var overTcp = own.as(Intents.EDGE);

      assertThat(statuses(3, () -> caller.get(SEVERAL).status())).containsOnly(200);
      assertThat(statuses(2, () -> overTcp.get(SEVERAL).status())).containsOnly(200);

      assertThat(overTcp.get(SEVERAL).status()).isEqualTo(429);
      assertThat(caller.get(SEVERAL).status()).isEqualTo(429);
    }
  }

  private interface Call {
    int status() throws IOException;
  }

  private static List<Integer> statuses(int calls, Call call) {
    return IntStream.range(0, calls)
        .mapToObj(
            _ -> {
              try {
                return call.status();
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            })
        .toList();
  }

  @Test
  void connectionsAreCountedForEachKind() throws IOException {
    var one = Intents.limits(new Limits(32 * 1024, 100, 1, Duration.ofHours(1)));
    try (var own = Gate.open(ON.and(one));
        var first = own.overHttp3(edge(own));
        var second = own.overHttp3(edge(own));
        // A caller has connections of its own in each worker thread.
        var kept = first.connect()) {
      assertThat(kept.get(ORDER).status()).isEqualTo(200);

      assertThat(second.get(ORDER)).matches(Http3Caller::isCutOff);
      assertThat(own.as(Intents.EDGE).get(ORDER).status()).isEqualTo(200);
      assertThat(kept.get(ORDER).status()).isEqualTo(200);
    }
  }

  @Test
  void callersFromOutsideComeInByTheirOwnEntrance() throws IOException {
    var partners = TestPki.create();
    var good = partners.issue("urn:partner:1");
    var revoked = partners.issue("urn:partner:1");
    var usable =
        new Usable(
            partners.trustBundle(),
            new Revocation.OfLeaves(partners.listOfIssuing(revoked.certificate())));
    var source = new Trust.Source(new Trust.File("partner", "ca.crt"), Optional.empty());
    var partner =
        new Caller(
            "partner",
            new Origin.Addresses(List.of("127.20.0.0/16"), List.of()),
            new Outside(
                new Trust(source, List.of(), usable),
                List.of(new SubjectName(SubjectName.Type.URI, "urn:partner:1"))));
    var both = new Caller[] {Intents.EDGE_CALLER, partner};
    var routes =
        Intents.routes(
            withCallers(route("orders", new PathMatch.Exact(SEVERAL), "GET"), partner),
            withCallers(route("order", new PathMatch.Exact(ORDER), "GET"), Intents.EDGE_CALLER));
    try (var own = Gate.open(ON.and(Intents.callers(both)).and(routes));
        var fromPlace = own.overHttp3(Optional.of(good), "127.20.0.1");
        var fromElsewhere = own.overHttp3(Optional.of(good), "127.30.0.1");
        var withRevoked = own.overHttp3(Optional.of(revoked), "127.20.0.1");
        var caller = own.overHttp3(edge(own))) {
      assertThat(fromPlace.get(SEVERAL).status()).isEqualTo(200);
      assertThat(fromPlace.get(ORDER).status()).isEqualTo(403);
      assertThat(fromElsewhere.get(SEVERAL)).matches(Http3Caller::isCutOff);
      assertThat(withRevoked.get(SEVERAL)).matches(Http3Caller::isCutOff);
      assertThat(caller.get(ORDER).status()).isEqualTo(200);
      assertThat(caller.get(SEVERAL).status()).isEqualTo(403);
    }
  }

  @Test
  void aNewEpochCutsWhatDoesNotEnd() throws Exception {
    try (var own = Gate.open(ON, DRAIN);
        var caller = own.overHttp3(edge(own));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      own.application().hold();
      var answer = threads.submit(() -> caller.get(ORDER));
      await().atMost(PATIENCE).until(() -> !own.application().seen().isEmpty());

      own.begin(new Epoch(7, 0), ON);

      assertThat(answer.get()).matches(Http3Caller::isCutOff);
      own.application().release();
      assertThat(caller.get(ORDER).status()).isEqualTo(200);
    }
  }

  @Test
  void editsLoseNoRequest() throws Exception {
    var seen = ConcurrentHashMap.<Integer>newKeySet();
    var enough = new AtomicBoolean();
    try (var own = Gate.open(ON);
        var caller = own.overHttp3(edge(own));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var load =
          IntStream.range(0, 3)
              .mapToObj(
                  _ ->
                      threads.submit(
                          () -> {
                            while (!enough.get()) {
                              seen.add(caller.get(ORDER).status());
                            }
                            return null;
                          }))
              .toList();
      await().atMost(PATIENCE).until(() -> seen.contains(200));

      var routes = route("orders", new PathMatch.Prefix("/api"), "GET");
      own.serve(ON.and(Intents.routes(routes)));
      own.serve(ON.and(Intents.limits(new Limits(16 * 1024, 50, 500, Duration.ofHours(1)))));
      own.serve(Intents.http3(new Http3(Optional.of(443))));
      enough.set(true);
      for (var each : load) {
        each.get();
      }

      assertThat(seen).containsOnly(200);
    }
  }

  @Test
  void itIsAdvertisedWhereThePolicySaysSo() throws IOException {
    assertThat(gate.as(Intents.EDGE).get(ORDER).header("alt-svc")).isEmpty();

    try (var own = Gate.open(Intents.http3(new Http3(Optional.of(443))))) {
      assertThat(own.as(Intents.EDGE).get(ORDER).header("alt-svc"))
          .contains("h3=\":443\"; ma=3600");
    }
  }

  @Test
  void thePortIsClosedUnlessThePolicyOpensIt() throws IOException {
    try (var own = Gate.open(Intents.NONE, DRAIN)) {
      new DatagramSocket(own.port()).close();

      own.serve(ON);
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThatThrownBy(() -> new DatagramSocket(own.port()).close())
                      .isInstanceOf(BindException.class));

      own.serve(Intents.NONE);
      await().atMost(PATIENCE).until(() -> isFree(own.port()));
    }
  }

  private static boolean isFree(int port) {
    try (var socket = new DatagramSocket(port)) {
      return socket.isBound();
    } catch (SocketException _) {
      return false;
    }
  }
}
