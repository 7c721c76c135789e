package dev.portcullis.operator.envoy;

import static dev.portcullis.operator.envoytest.Intents.route;
import static dev.portcullis.operator.envoytest.Intents.withCallers;
import static dev.portcullis.operator.envoytest.Intents.withTimeout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.portcullis.operator.envoytest.Gate;
import dev.portcullis.operator.envoytest.HttpConnection;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.envoytest.MtlsClient;
import dev.portcullis.operator.envoytest.TestPki;
import dev.portcullis.operator.envoytest.TestPki.Credential;
import dev.portcullis.operator.envoytest.TestPki.LeafShape;
import dev.portcullis.operator.identity.OutsideInspection.Sound;
import dev.portcullis.operator.identity.OutsideInspector;
import dev.portcullis.operator.intent.Caller;
import dev.portcullis.operator.intent.Caller.Origin;
import dev.portcullis.operator.intent.Epoch;
import dev.portcullis.operator.intent.Outside;
import dev.portcullis.operator.intent.PathMatch;
import dev.portcullis.operator.intent.Route;
import dev.portcullis.operator.intent.SubjectName;
import dev.portcullis.operator.intent.SubjectName.Type;
import dev.portcullis.operator.intent.Trust;
import dev.portcullis.operator.intent.Trust.Material;
import dev.portcullis.operator.intent.Trust.Revocation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** CAs, CRLs and names from outside change while both kinds of callers are connected. */
class OutsideChangesIT {

  private static final String PLACE = "127.10.0.1";
  private static final String CLIENT = "client.partner.example";
  private static final String ORDERS = "/orders";
  private static final Duration BOUND = Duration.ofSeconds(30);

  private final TestPki partner = TestPki.create();
  private final TestPki successor = TestPki.create();
  private final Credential client = issued(partner, CLIENT);
  private final Gate gate =
      Gate.open(
          with(partner.trustBundle(), ""), "--drain-time-s", "1", "--drain-strategy", "immediate");

  @AfterEach
  void close() {
    gate.close();
  }

  private static Credential issued(TestPki pki, String name) {
    return pki.issue(LeafShape.named("leaf", List.of(new GeneralName(GeneralName.dNSName, name))));
  }

  private static Intents.Change with(String authorities, String lists, String... names) {
    return Intents.NONE.and(
        intent -> {
          var partner =
              new Caller(
                  "partner",
                  new Origin.Addresses(List.of("127.10.0.0/16"), List.of()),
                  new Outside(trust(material(authorities, lists)), names(names)));
          var all = new Caller[] {Intents.EDGE_CALLER, partner};
          return Intents.callers(all)
              .and(
                  Intents.routes(
                      withCallers(
                          endless(route("orders", new PathMatch.Exact(ORDERS), "GET")), all)))
              .apply(intent);
        });
  }

  /** So that what ends a request is the cut. */
  private static Route endless(Route route) {
    return withTimeout(route, Duration.ofHours(1));
  }

  private static List<SubjectName> names(String... names) {
    return names.length == 0
        ? List.of(new SubjectName(Type.DNS, CLIENT))
        : List.of(names).stream().map(name -> new SubjectName(Type.DNS, name)).toList();
  }

  private static Trust trust(Material material) {
    var list = Optional.of(new Trust.File("partner", "ca.crl"));
    return new Trust(
        new Trust.Source(new Trust.File("partner", "ca.crt"), list), List.of(), material);
  }

  /** As the operator reads them. */
  private static Material material(String authorities, String lists) {
    var inspection =
        OutsideInspector.inspect(
            authorities.getBytes(StandardCharsets.UTF_8),
            lists.isEmpty()
                ? Optional.empty()
                : Optional.of(lists.getBytes(StandardCharsets.UTF_8)),
            Instant.now());
    assertThat(inspection).isInstanceOf(Sound.class);
    var sound = (Sound) inspection;
    return new Material.Usable(
        sound.authorities(),
        switch (sound.reach()) {
          case NONE -> new Revocation.Unchecked();
          case LEAVES -> new Revocation.OfLeaves(sound.lists());
          case WHOLE_CHAINS -> new Revocation.OfWholeChains(sound.lists());
        });
  }

  private MtlsClient showing(Credential credential) {
    return gate.with(credential).from(PLACE);
  }

  private String outcome(Credential credential) {
    try {
      return String.valueOf(showing(credential).get(ORDERS).status());
    } catch (IOException _) {
      return "refused";
    }
  }

  @Test
  void aCaIsReplacedBySetsOfTwo() throws IOException {
    var next = issued(successor, CLIENT);
    try (var edge = gate.as(Intents.EDGE).connect()) {
      assertThat(outcome(client)).isEqualTo("200");
      assertThat(outcome(next)).isEqualTo("refused");

      serveUntil("200", next, with(partner.trustBundle() + successor.trustBundle(), ""));
      assertThat(outcome(client)).isEqualTo("200");

      serveUntil("refused", client, with(successor.trustBundle(), ""));
      assertThat(outcome(next)).isEqualTo("200");

      assertThat(edge.get(ORDERS).status()).isEqualTo(200);
    }
  }

  @Test
  void aRevocationRefusesAtOnceAndCutsWhatIsOpen() throws IOException {
    var all = partner.authorities();
    gate.serve(with(all, partner.listOfRoot() + partner.listOfIssuing()));
    await().atMost(BOUND).until(() -> outcome(client).equals("200"));
    var innocent = issued(partner, CLIENT);

    try (var idle = showing(client).connect();
        var edge = gate.as(Intents.EDGE).connect()) {
      assertThat(idle.get(ORDERS).status()).isEqualTo(200);
      assertThat(edge.get(ORDERS).status()).isEqualTo(200);

      serveUntil(
          "refused",
          client,
          with(all, partner.listOfRoot() + partner.listOfIssuing(client.certificate())));

      assertThat(outcome(innocent)).isEqualTo("200");
      await().atMost(BOUND).until(() -> isCut(idle));
      assertThat(edge.get(ORDERS).status()).isEqualTo(200);
      assertThat(edge.get(ORDERS).status()).isEqualTo(200);
    }
  }

  @Test
  void aRevocationCutsAStreamThatIsUnderWay() throws Exception {
    var all = partner.authorities();
    gate.serve(with(all, partner.listOfRoot() + partner.listOfIssuing()));
    await().atMost(BOUND).until(() -> outcome(client).equals("200"));
    gate.application().forget();
    gate.application().hold();

    try (var streaming = http2(client)) {
      var answer = streaming.sendAsync(orders(), BodyHandlers.discarding());
      await().atMost(BOUND).until(() -> !gate.application().seen().isEmpty());

      gate.serve(with(all, partner.listOfRoot() + partner.listOfIssuing(client.certificate())));

      assertCut(answer);
    }
  }

  @Test
  void aCaThatIsRemovedCutsAStreamThatIsUnderWay() throws Exception {
    await().atMost(BOUND).until(() -> outcome(client).equals("200"));
    gate.application().forget();
    gate.application().hold();

    try (var streaming = http2(client)) {
      var answer = streaming.sendAsync(orders(), BodyHandlers.discarding());
      await().atMost(BOUND).until(() -> !gate.application().seen().isEmpty());

      gate.serve(with(successor.trustBundle(), ""));

      assertCut(answer);
    }
  }

  @Test
  void whoIsRevokedMayEndWhatIsOpenWithinTheTime() throws IOException {
    var all = partner.authorities();
    try (var patient = patient(with(all, partner.listOfRoot() + partner.listOfIssuing()));
        var open = patient.with(client).from(PLACE).connect()) {
      assertThat(open.get(ORDERS).status()).isEqualTo(200);

      patient.serve(with(all, partner.listOfRoot() + partner.listOfIssuing(client.certificate())));

      var last = open.get(ORDERS);
      assertThat(last.status()).isEqualTo(200);
      assertThat(last.header("connection")).contains("close");
    }
  }

  @Test
  void whoIsInsideAnEntranceThatIsClosedGetsNoFurtherRequestThrough() throws IOException {
    try (var patient = patient(with(partner.trustBundle(), ""));
        var open = patient.with(client).from(PLACE).connect()) {
      assertThat(open.get(ORDERS).status()).isEqualTo(200);

      patient.serve(closed());

      assertThat(open.get(ORDERS).status()).isEqualTo(403);
    }
  }

  /** One that cuts nothing while a test looks. */
  private static Gate patient(Intents.Change change) {
    return Gate.open(change, "--drain-time-s", "600", "--drain-strategy", "immediate");
  }

  /** As begins where a route loses its caller, which the entrance itself does not show. */
  @Test
  void aNewEpochCutsAtTheEntrancesToo() throws IOException {
    var same = with(partner.trustBundle(), "");
    try (var old = showing(client).connect()) {
      assertThat(old.get(ORDERS).status()).isEqualTo(200);

      gate.begin(new Epoch(7, 0), same);

      await().atMost(BOUND).until(old::isClosedByServer);
      assertThat(outcome(client)).isEqualTo("200");
      assertThat(gate.envoy().stat("listener_manager.listener_in_place_updated")).isEqualTo(1);
    }
  }

  private HttpClient http2(Credential credential) throws IOException {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_2)
        .localAddress(InetAddress.getByName(PLACE))
        .sslContext(showing(credential).context())
        .build();
  }

  private HttpRequest orders() {
    return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + gate.port() + ORDERS))
        .timeout(BOUND)
        .build();
  }

  /** By the server, and no sooner than the application was asked. */
  private static void assertCut(CompletableFuture<HttpResponse<Void>> answer) {
    assertThatThrownBy(answer::get)
        .cause()
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(HttpTimeoutException.class);
  }

  /** A GET on a connection that is being drained is still answered; one that is cut is not. */
  private static boolean isCut(HttpConnection connection) {
    try {
      connection.get("/unknown");
      return false;
    } catch (IOException _) {
      return true;
    }
  }

  @Test
  void aRevokedIssuingCaTakesItsCertificatesWithIt() {
    var lists = partner.listOfRoot() + partner.listOfIssuing();
    gate.serve(with(partner.authorities(), lists));
    await().atMost(BOUND).until(() -> outcome(client).equals("200"));

    serveUntil(
        "refused",
        client,
        with(
            partner.authorities(),
            partner.listOfRoot(partner.issuingCertificate()) + partner.listOfIssuing()));
  }

  @Test
  void anIssuingCaAloneIsEnoughAndItsListCounts() {
    var innocent = issued(partner, CLIENT);
    gate.serve(with(partner.issuingAuthority(), partner.listOfIssuing(client.certificate())));

    await().atMost(BOUND).until(() -> outcome(client).equals("refused"));
    assertThat(outcome(innocent)).isEqualTo("200");
  }

  /** The root alone would let in what its issuing CAs sign, whose lists nobody gave. */
  @Test
  void aCertificateWhoseIssuersListIsNotThereIsRefused() {
    gate.serve(with(partner.trustBundle(), partner.listOfRoot()));

    await().atMost(BOUND).until(() -> outcome(client).equals("refused"));
  }

  @Test
  void namesChangeForOpenConnectionsToo() throws IOException {
    var second = issued(partner, "second.partner.example");
    try (var open = showing(client).connect();
        var edge = gate.as(Intents.EDGE).connect()) {
      assertThat(open.get(ORDERS).status()).isEqualTo(200);
      assertThat(outcome(second)).isEqualTo("403");

      gate.serve(with(partner.trustBundle(), "", "second.partner.example"));

      await().atMost(BOUND).until(() -> outcome(second).equals("200"));
      assertThat(outcome(client)).isEqualTo("403");
      await().atMost(BOUND).until(() -> isCut(open));
      assertThat(edge.get(ORDERS).status()).isEqualTo(200);
    }
  }

  @Test
  void aTrustThatCannotBeUsedLetsNobodyInAndLeavesTheMeshAlone() throws IOException {
    try (var open = showing(client).connect();
        var edge = gate.as(Intents.EDGE).connect()) {
      assertThat(open.get(ORDERS).status()).isEqualTo(200);
      assertThat(edge.get(ORDERS).status()).isEqualTo(200);

      serveUntil("refused", client, closed());

      await().atMost(BOUND).until(() -> isCut(open));
      assertThat(edge.get(ORDERS).status()).isEqualTo(200);
    }
  }

  private static Intents.Change closed() {
    var unusable = new Material.Unusable("SecretMissing", "Gone.");
    var partner =
        new Caller(
            "partner",
            new Origin.Addresses(List.of("127.10.0.0/16"), List.of()),
            new Outside(trust(unusable), names()));
    var all = new Caller[] {Intents.EDGE_CALLER, partner};
    return Intents.callers(all)
        .and(Intents.routes(withCallers(route("orders", new PathMatch.Exact(ORDERS), "GET"), all)));
  }

  private void serveUntil(String outcome, Credential shown, Intents.Change change) {
    gate.serve(change);
    await().atMost(BOUND).until(() -> outcome(shown).equals(outcome));
  }
}
