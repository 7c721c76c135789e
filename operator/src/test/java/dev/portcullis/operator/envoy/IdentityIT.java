package dev.portcullis.operator.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.bootstrap.contract.EnvoyNames;
import dev.portcullis.operator.envoytest.Gate;
import dev.portcullis.operator.envoytest.HttpConnection;
import dev.portcullis.operator.envoytest.HttpText;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.envoytest.MtlsClient;
import dev.portcullis.operator.envoytest.TestPki;
import dev.portcullis.operator.envoytest.TestPki.Credential;
import dev.portcullis.operator.envoytest.TestPki.LeafShape;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bouncycastle.asn1.DERIA5String;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in, and as whom. */
class IdentityIT {

  private static final String ORDER = "/api/v1/orders/7";

  private static Gate gate;

  @BeforeAll
  static void open() {
    gate = Gate.open(Intents.NONE);
  }

  @AfterAll
  static void close() {
    gate.close();
  }

  @BeforeEach
  void forget() {
    gate.application().forget();
  }

  @Test
  void theApplicationIsToldWhoCalls() throws IOException {
    var answer = gate.as(Intents.EDGE).get(ORDER);

    assertThat(answer.status()).isEqualTo(200);
    var seen = gate.application().last();
    assertThat(seen.header(EnvoyNames.CALLER_HEADER)).isEqualTo(Intents.EDGE);
    assertThat(seen.header("x-forwarded-client-cert")).contains("URI=" + Intents.EDGE);
    assertThat(seen.header("x-forwarded-proto")).isEqualTo("https");
  }

  @Test
  void whatAClientClaimsNeverArrives() throws IOException {
    var spoofed =
        Map.ofEntries(
            Map.entry("x-portcullis-caller", Intents.BATCH),
            Map.entry("x-portcullis-anything", "1"),
            Map.entry("x-forwarded-client-cert", "URI=" + Intents.BATCH),
            Map.entry("x-forwarded-for", "203.0.113.9"),
            Map.entry("x-forwarded-host", "evil.example"),
            Map.entry("x-forwarded-proto", "gopher"),
            Map.entry("forwarded", "for=203.0.113.9"),
            Map.entry("x-real-ip", "203.0.113.9"),
            Map.entry("x-envoy-original-path", "/admin"),
            Map.entry("x-envoy-external-address", "203.0.113.9"),
            Map.entry("x-envoy-upstream-rq-timeout-ms", "1"),
            Map.entry("x-original-url", "/admin"),
            Map.entry("x-rewrite-url", "/admin"),
            Map.entry("x-http-method-override", "DELETE"),
            Map.entry("x-request-id", "claimed-by-the-client"));
    var request = HttpText.get(ORDER);
    for (var claim : spoofed.entrySet()) {
      request = request.header(claim.getKey() + ": " + claim.getValue());
    }

    assertThat(gate.as(Intents.EDGE).send(request).status()).isEqualTo(200);

    var seen = gate.application().last();
    assertThat(seen.header(EnvoyNames.CALLER_HEADER)).isEqualTo(Intents.EDGE);
    seen.headers()
        .forEach(
            (name, values) ->
                assertThat(values)
                    .as(name)
                    .noneMatch(
                        value -> value.equals(spoofed.get(name)) || value.contains("batch")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x-portcullis-caller", "x-forwarded-client-cert", "keep-alive"})
  void aHopByHopTrickCannotStripTheIdentity(String named) throws IOException {
    var request = HttpText.get(ORDER).header("connection: close, " + named);

    gate.as(Intents.EDGE).send(request);

    var seen = gate.application().last();
    assertThat(seen.header(EnvoyNames.CALLER_HEADER)).isEqualTo(Intents.EDGE);
    assertThat(seen.headers().getOrDefault("connection", List.of())).doesNotContain(named);
  }

  @Test
  void aKnownIdentityThatIsNotACallerIsRefused() throws IOException {
    var answer = gate.as(Intents.BATCH).get(ORDER);

    assertThat(answer.status()).isEqualTo(403);
    assertThat(gate.application().seen()).isEmpty();
    gate.logged("rbac_access_denied_matched_policy[shop/orders/read-order]", Intents.BATCH);
  }

  @Test
  void withoutACertificateThereIsNoConnection() {
    refusedInHandshake(MtlsClient.withoutCertificate(gate.port()));
    gate.logged("\"event\":\"connection\"", "PEER_DID_NOT_RETURN_A_CERTIFICATE");
  }

  static Stream<Map.Entry<String, Credential>> untrusted() {
    var pki = TestPki.create();
    var now = Instant.now();
    var ours = gate.pki();
    var edge = LeafShape.of(Intents.EDGE);
    return Stream.of(
        Map.entry("foreign authority", pki.issue(Intents.EDGE)),
        Map.entry(
            "expired", ours.issue(edge.valid(now.minus(Duration.ofHours(2)), now.minusSeconds(5)))),
        Map.entry(
            "not yet valid",
            ours.issue(edge.valid(now.plusSeconds(600), now.plus(Duration.ofHours(2))))),
        Map.entry("for servers only", ours.issue(edge.withPurposes(KeyPurposeId.id_kp_serverAuth))),
        Map.entry(
            "other trust domain", ours.issue("spiffe://mesh.example.evil/ns/ingress/sa/edge")),
        Map.entry("no trust domain", ours.issue("spiffe:///ns/ingress/sa/edge")),
        Map.entry(
            "trust domain in capitals", ours.issue("spiffe://MESH.EXAMPLE/ns/ingress/sa/edge")),
        Map.entry("common name only", ours.issue(LeafShape.named(Intents.EDGE, List.of()))),
        Map.entry(
            "DNS name", ours.issue(LeafShape.named("leaf", List.of(name(GeneralName.dNSName))))),
        Map.entry(
            "mail address",
            ours.issue(LeafShape.named("leaf", List.of(name(GeneralName.rfc822Name))))),
        Map.entry(
            "an authority as leaf",
            ours.issue(
                LeafShape.named("ca", List.of()).withConstraints(new BasicConstraints(true)))));
  }

  private static GeneralName name(int kind) {
    return new GeneralName(kind, new DERIA5String(Intents.EDGE));
  }

  @ParameterizedTest
  @MethodSource("untrusted")
  void anUntrustedCertificateIsRefusedInTheHandshake(Map.Entry<String, Credential> untrusted) {
    refusedInHandshake(gate.with(untrusted.getValue()));
  }

  static Stream<List<String>> lookAlikes() {
    return Stream.of(
        List.of("spiffe://mesh.example/ns/ingress/sa/edge2"),
        List.of("spiffe://mesh.example/ns/ingress/sa/edg"),
        List.of("spiffe://mesh.example/ns/ingress/sa/edge/"),
        List.of("spiffe://mesh.example/ns/ingress/sa/edge/x"),
        List.of("spiffe://mesh.example/ns/ingress/sa/Edge"),
        List.of("spiffe://mesh.example/ns/ingress/sa//edge"),
        List.of("spiffe://mesh.example//ns/ingress/sa/edge"),
        List.of("spiffe://mesh.example/ns/ingress/sa/e.ge"),
        List.of("spiffe://mesh.example/ns/ingress/sa/%65dge"),
        List.of("spiffe://mesh.example/x/ns/ingress/sa/edge"),
        List.of("spiffe://mesh.example/ns/ingress/sa/edge?a=b"),
        List.of("spiffe://mesh.example/ns/ingress/sa/edge#f"),
        List.of("spiffe://mesh.example/ns/other/sa/edge"),
        List.of("spiffe://mesh.example/" + Intents.EDGE),
        List.of(Intents.EDGE, Intents.BATCH),
        List.of(Intents.BATCH, Intents.EDGE),
        List.of(Intents.EDGE, Intents.EDGE),
        List.of(Intents.EDGE, "https://elsewhere.example/"));
  }

  @ParameterizedTest
  @MethodSource("lookAlikes")
  void aLookAlikeIsNotTheCaller(List<String> uris) throws IOException {
    var credential = gate.pki().issue(LeafShape.of(uris.toArray(String[]::new)));

    assertThat(gate.with(credential).get(ORDER).status()).isEqualTo(403);
    assertThat(gate.application().seen()).isEmpty();
  }

  @Test
  void aTrailingNulInTheNameIsNotTheCaller() {
    var credential = gate.pki().issue(LeafShape.of(Intents.EDGE + "\0.evil"));

    assertThat(outcome(gate.with(credential))).isIn("refused", "403");
    assertThat(gate.application().seen()).isEmpty();
  }

  @Test
  void plaintextIsRefused() throws IOException {
    try (var plain = new HttpConnection(new Socket("127.0.0.1", gate.port()))) {
      assertThatThrownBy(() -> plain.get(ORDER)).isInstanceOf(IOException.class);
    }
    assertThat(gate.application().seen()).isEmpty();
    gate.logged("\"event\":\"connection\"", "HTTP_REQUEST");
  }

  @Test
  void olderTlsIsRefused() {
    assertThatThrownBy(() -> gate.as(Intents.EDGE).connect("TLSv1.2").close())
        .isInstanceOf(IOException.class);
  }

  @Test
  void noSessionIsResumed() throws IOException {
    var context = gate.as(Intents.EDGE).context();
    for (var round = 0; round < 3; round++) {
      try (var socket =
          (javax.net.ssl.SSLSocket)
              context.getSocketFactory().createSocket("127.0.0.1", gate.port())) {
        socket.setSoTimeout(10_000);
        new HttpConnection(socket).get(ORDER);
      }
    }
    assertThat(gate.envoy().stat("listener.0.0.0.0_" + gate.port() + ".ssl.handshake"))
        .isPositive();
    assertThat(gate.envoy().stat("listener.0.0.0.0_" + gate.port() + ".ssl.session_reused"))
        .isZero();
  }

  private static void refusedInHandshake(MtlsClient client) {
    assertThatThrownBy(() -> client.get(ORDER)).isInstanceOf(IOException.class);
    assertThat(gate.application().seen()).isEmpty();
  }

  private static String outcome(MtlsClient client) {
    try {
      return String.valueOf(client.get(ORDER).status());
    } catch (IOException _) {
      return "refused";
    }
  }
}
