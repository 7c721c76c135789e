package dev.portcullis.operator.envoy;

import static dev.portcullis.operator.envoytest.Intents.route;
import static dev.portcullis.operator.envoytest.Intents.withCallers;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.bootstrap.contract.EnvoyNames;
import dev.portcullis.bootstrap.contract.ProbePaths;
import dev.portcullis.operator.envoytest.Gate;
import dev.portcullis.operator.envoytest.HttpText;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.envoytest.MtlsClient;
import dev.portcullis.operator.envoytest.TestPki;
import dev.portcullis.operator.envoytest.TestPki.Credential;
import dev.portcullis.operator.envoytest.TestPki.LeafShape;
import dev.portcullis.operator.intent.Caller;
import dev.portcullis.operator.intent.Caller.Origin;
import dev.portcullis.operator.intent.Outside;
import dev.portcullis.operator.intent.Overload;
import dev.portcullis.operator.intent.PathMatch;
import dev.portcullis.operator.intent.Shadow;
import dev.portcullis.operator.intent.SubjectName;
import dev.portcullis.operator.intent.SubjectName.Type;
import dev.portcullis.operator.intent.Trust;
import dev.portcullis.operator.intent.Trust.Material.Usable;
import dev.portcullis.operator.intent.Trust.Revocation;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.DERIA5String;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Callers from outside and of the mesh at one listener. Every foreign CA here has our own CAs'
 * names, and signs whatever it is asked to.
 */
class OutsideIT {

  private static final String PARTNER_PLACE = "127.10.0.1";
  private static final String OTHER_PLACE = "127.20.0.1";
  private static final String ELSEWHERE = "127.30.0.1";
  private static final String THIRD_HOST = "third.orders.example";
  private static final String CLIENT = "client.partner.example";
  private static final String ORDERS = "/orders";
  private static final String WRITE = "/write";

  private static final TestPki PARTNER = TestPki.create();
  private static final TestPki OTHER = TestPki.create();
  private static final TestPki THIRD = TestPki.create();

  private static final String REPORT = "endpoint-load-metrics";

  private static Gate gate;

  @BeforeAll
  static void open() {
    gate = Gate.open(backend());
  }

  private static Intents.Change backend() {
    var reader = caller("partner", "127.10.0.0/16", PARTNER, dns(CLIENT), uri("urn:partner:1"));
    var writer = caller("writer", "127.10.0.0/24", PARTNER, dns("writer.partner.example"));
    var other = caller("other", "127.20.0.0/16", OTHER, dns("client.other.example"));
    var third =
        new Caller(
            "third",
            new Origin.Anywhere(),
            new Outside(
                trust("third", THIRD, List.of(THIRD_HOST)),
                List.of(
                    new SubjectName(Type.EMAIL, "ops@third.example"),
                    new SubjectName(Type.IP, "203.0.113.9"))));
    var all = new Caller[] {Intents.EDGE_CALLER, reader, writer, other, third};
    return Intents.callers(all)
        .and(
            Intents.routes(
                withCallers(route("orders", new PathMatch.Exact(ORDERS), "GET"), all),
                withCallers(route("write", new PathMatch.Exact(WRITE), "GET"), writer)))
        .and(
            Intents.overload(
                new Overload(Duration.ofSeconds(2), Optional.of(new Overload.LoadReport(8)))));
  }

  @AfterAll
  static void close() {
    gate.close();
  }

  @BeforeEach
  void forget() {
    gate.application().forget();
  }

  private static Caller caller(String name, String cidr, TestPki pki, SubjectName... names) {
    var place = new Origin.Addresses(List.of(cidr), List.of("127.10.9.0/24"));
    var secret = pki == PARTNER ? "partner" : name;
    return new Caller(name, place, new Outside(trust(secret, pki, List.of()), List.of(names)));
  }

  private static Trust trust(String secret, TestPki pki, List<String> serverNames) {
    return new Trust(
        new Trust.Source(new Trust.File(secret, "ca.crt"), Optional.empty()),
        serverNames,
        new Usable(pki.trustBundle(), new Revocation.Unchecked()));
  }

  private static SubjectName dns(String name) {
    return new SubjectName(Type.DNS, name);
  }

  private static SubjectName uri(String name) {
    return new SubjectName(Type.URI, name);
  }

  private static Credential issued(TestPki pki, GeneralName... names) {
    return pki.issue(LeafShape.named("leaf", List.of(names)));
  }

  private static GeneralName name(int kind, String value) {
    return new GeneralName(kind, new DERIA5String(value));
  }

  private static GeneralName host(String value) {
    return name(GeneralName.dNSName, value);
  }

  private static MtlsClient partner(GeneralName... names) {
    return gate.with(issued(PARTNER, names)).from(PARTNER_PLACE);
  }

  @Test
  void bothKindsOfCallersAreLetInAtOnceAndToldApart() throws IOException {
    assertThat(gate.as(Intents.EDGE).from(ELSEWHERE).get(ORDERS).status()).isEqualTo(200);
    assertThat(callerSeen()).isEqualTo(Intents.EDGE);

    assertThat(partner(host(CLIENT)).get(ORDERS).status()).isEqualTo(200);
    assertThat(callerSeen()).isEqualTo("outside:partner/DNS:" + CLIENT);

    var other = gate.with(issued(OTHER, host("client.other.example"))).from(OTHER_PLACE);
    assertThat(other.get(ORDERS).status()).isEqualTo(200);
    assertThat(callerSeen()).isEqualTo("outside:other/DNS:client.other.example");

    var byMail = issued(THIRD, name(GeneralName.rfc822Name, "ops@third.example"));
    assertThat(gate.with(byMail).askingFor(THIRD_HOST).get(ORDERS).status()).isEqualTo(200);
    assertThat(callerSeen()).isEqualTo("outside:third/email:ops@third.example");

    var byAddress = issued(THIRD, new GeneralName(GeneralName.iPAddress, "203.0.113.9"));
    assertThat(gate.with(byAddress).askingFor(THIRD_HOST).get(ORDERS).status()).isEqualTo(200);
    assertThat(callerSeen()).isEqualTo("outside:third/IP:203.0.113.9");
  }

  private static String callerSeen() {
    return gate.application().last().header(EnvoyNames.CALLER_HEADER);
  }

  @Test
  void callersOfOneTrustHaveTheirOwnRoutesAndPlaces() throws IOException {
    var writer = gate.with(issued(PARTNER, host("writer.partner.example")));

    assertThat(writer.from(PARTNER_PLACE).get(WRITE).status()).isEqualTo(200);
    assertThat(writer.from("127.10.1.1").get(WRITE).status()).isEqualTo(403);
    assertThat(partner(host(CLIENT)).get(WRITE).status()).isEqualTo(403);
    assertThat(partner(host(CLIENT)).from("127.10.9.1").get(ORDERS).status()).isEqualTo(403);
    assertThat(gate.as(Intents.EDGE).get(WRITE).status()).isEqualTo(403);
    assertThat(partner(host(CLIENT)).get("/unknown").status()).isEqualTo(404);
  }

  @Test
  void inShadowWhoIsACallerOfSomeRouteIsLetInUnderItsNameAndNobodyElse() throws IOException {
    var shadow = new Shadow.OfPolicy(List.of("orders", "write"), Duration.ofSeconds(15));
    try (var own = Gate.open(backend().and(Intents.shadow(shadow)))) {
      var partner = own.with(issued(PARTNER, host(CLIENT))).from(PARTNER_PLACE);
      var stranger = own.with(issued(PARTNER, host("nobody.example"))).from(PARTNER_PLACE);

      assertThat(partner.get(WRITE).status()).isEqualTo(200);
      assertThat(own.application().last().header(EnvoyNames.CALLER_HEADER))
          .isEqualTo("outside:partner/DNS:" + CLIENT);
      own.logged("\"event\":\"shadow\"", "\"rule\":\"callers\"", "\"route\":\"write\"");
      assertThat(partner.get("/unknown").status()).isEqualTo(200);
      assertThat(own.as(Intents.BATCH).get(WRITE).status()).isEqualTo(200);
      own.application().forget();

      for (var path : List.of(ORDERS, WRITE, "/unknown")) {
        assertThat(stranger.get(path).status()).isEqualTo(403);
      }
      assertThat(own.application().seen()).isEmpty();
    }
  }

  /** What each of these shows is well-formed, and some of it is exactly right elsewhere. */
  static Stream<Arguments> forgeries() {
    var edge = name(GeneralName.uniformResourceIdentifier, Intents.EDGE);
    var operator = name(GeneralName.uniformResourceIdentifier, Intents.OPERATOR);
    var foreignEdge = issued(PARTNER, edge);
    return Stream.of(
        Arguments.of("our caller's name, at its own door", foreignEdge, PARTNER_PLACE, "", "403"),
        Arguments.of("our caller's name, at the mesh's", foreignEdge, ELSEWHERE, "", "refused"),
        Arguments.of("our caller's name, at another's", foreignEdge, OTHER_PLACE, "", "refused"),
        Arguments.of(
            "our caller's name, by server name", foreignEdge, ELSEWHERE, THIRD_HOST, "refused"),
        Arguments.of(
            "the third's, with our name", issued(THIRD, edge), ELSEWHERE, THIRD_HOST, "403"),
        Arguments.of("the operator's", issued(PARTNER, operator), PARTNER_PLACE, "", "403"),
        Arguments.of(
            "another's name",
            issued(PARTNER, host("client.other.example")),
            PARTNER_PLACE,
            "",
            "403"),
        Arguments.of(
            "right name, wrong door", issued(PARTNER, host(CLIENT)), ELSEWHERE, "", "refused"),
        Arguments.of(
            "right name, another's door",
            issued(PARTNER, host(CLIENT)),
            OTHER_PLACE,
            "",
            "refused"),
        Arguments.of(
            "right name, another's server name",
            issued(PARTNER, host(CLIENT)),
            PARTNER_PLACE,
            THIRD_HOST,
            "refused"),
        Arguments.of(
            "another CA of the same name",
            issued(TestPki.create(), host(CLIENT)),
            PARTNER_PLACE,
            "",
            "refused"),
        Arguments.of(
            "the mesh's own, at the partner's",
            gate.pki().issue(Intents.EDGE),
            PARTNER_PLACE,
            "",
            "refused"),
        Arguments.of(
            "the mesh's own with the partner's name",
            issued(gate.pki(), host(CLIENT)),
            PARTNER_PLACE,
            "",
            "refused"),
        Arguments.of(
            "expired",
            PARTNER.issue(
                LeafShape.named("leaf", List.of(host(CLIENT)))
                    .valid(
                        Instant.now().minus(Duration.ofHours(2)), Instant.now().minusSeconds(5))),
            PARTNER_PLACE,
            "",
            "refused"),
        Arguments.of(
            "for servers",
            PARTNER.issue(
                LeafShape.named("leaf", List.of(host(CLIENT)))
                    .withPurposes(KeyPurposeId.id_kp_serverAuth)),
            PARTNER_PLACE,
            "",
            "refused"),
        Arguments.of(
            "common name only",
            PARTNER.issue(LeafShape.named(CLIENT, List.of())),
            PARTNER_PLACE,
            "",
            "403"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("forgeries")
  void whatAnotherCaSignsCountsAtItsOwnDoorOnly(
      String what, Credential shown, String from, String serverName, String outcome) {
    var client = gate.with(shown).from(from);

    assertThat(outcome(serverName.isEmpty() ? client : client.askingFor(serverName)))
        .as(what)
        .isEqualTo(outcome);
    assertThat(gate.application().seen()).isEmpty();
  }

  static Stream<GeneralName> lookAlikes() {
    return Stream.of(
        host("Client.partner.example"),
        host("client.partner.example."),
        host(".client.partner.example"),
        host("client.partner.example.evil"),
        host("xclient.partner.example"),
        host("client.partner.exampl"),
        host("clientxpartner.example"),
        host("*.partner.example"),
        host("client.*.example"),
        host("client.partner.example\0"),
        host("client.partner.example\0.evil.example"),
        host("client.partner.example "),
        name(GeneralName.uniformResourceIdentifier, CLIENT),
        name(GeneralName.rfc822Name, CLIENT),
        name(GeneralName.uniformResourceIdentifier, "urn:partner:1/"),
        name(GeneralName.uniformResourceIdentifier, "urn:partner:11"),
        name(GeneralName.uniformResourceIdentifier, "URN:partner:1"),
        host("urn:partner:1"),
        name(GeneralName.rfc822Name, "ops@third.example"));
  }

  @ParameterizedTest
  @MethodSource("lookAlikes")
  void aLookAlikeIsNotTheCaller(GeneralName name) {
    assertThat(outcome(partner(name))).isIn("403", "refused");
    assertThat(gate.application().seen()).isEmpty();
  }

  @Test
  void aSecondNameInTheCertificateChangesNothing() throws IOException {
    var both = partner(name(GeneralName.uniformResourceIdentifier, Intents.EDGE), host(CLIENT));

    assertThat(both.get(ORDERS).status()).isEqualTo(200);

    var seen = gate.application().last();
    assertThat(seen.header(EnvoyNames.CALLER_HEADER)).isEqualTo("outside:partner/DNS:" + CLIENT);
    assertThat(seen.headers()).doesNotContainKey("x-forwarded-client-cert");
    assertThat(seen.headers().toString()).doesNotContain(Intents.EDGE);
  }

  @Test
  void whatAClientClaimsNeverArrives() throws IOException {
    var request =
        HttpText.get(ORDERS)
            .header(EnvoyNames.CALLER_HEADER + ": " + Intents.EDGE)
            .header("x-forwarded-client-cert: URI=" + Intents.EDGE);

    assertThat(partner(host(CLIENT)).send(request).status()).isEqualTo(200);

    assertThat(gate.application().last().headers().toString()).doesNotContain(Intents.EDGE);
    assertThat(callerSeen()).isEqualTo("outside:partner/DNS:" + CLIENT);
  }

  @Test
  void nobodyFromOutsideReadsTheVersion() throws IOException {
    var operator = partner(name(GeneralName.uniformResourceIdentifier, Intents.OPERATOR));
    var spoof =
        HttpText.get(ProbePaths.SERVED_VERSION)
            .header(EnvoyNames.CALLER_HEADER + ": " + Intents.OPERATOR);

    assertThat(operator.send(spoof).status()).isEqualTo(404);
    assertThat(operator.get(ProbePaths.SERVED_VERSION).status()).isEqualTo(404);
    assertThat(gate.as(Intents.OPERATOR).get(ProbePaths.SERVED_VERSION).status()).isEqualTo(200);
  }

  @Test
  void nobodyFromOutsideIsToldOfTheLoad() throws IOException {
    assertThat(gate.as(Intents.EDGE).from(ELSEWHERE).get(ORDERS).header(REPORT)).isPresent();
    assertThat(partner(host(CLIENT)).get(ORDERS).header(REPORT)).isEmpty();
  }

  @Test
  void theLogTellsARefusedCertificateAsWhatItIs() throws IOException {
    var evil = name(GeneralName.uniformResourceIdentifier, Intents.EDGE + "/logged");

    assertThat(partner(evil).get(ORDERS).status()).isEqualTo(403);

    var line = gate.logged("\"shownUri\":\"" + Intents.EDGE + "/logged\"");
    assertThat(line)
        .contains("\"entrance\":\"outside:partner/ca.crt\"", "\"route\":\"orders\"")
        .doesNotContain("\"caller\"");
  }

  private static String outcome(MtlsClient client) {
    try {
      return String.valueOf(client.get(ORDERS).status());
    } catch (IOException _) {
      return "refused";
    }
  }
}
