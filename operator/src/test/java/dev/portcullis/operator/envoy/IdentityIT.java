package dev.portcullis.operator.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.bootstrap.contract.EnvoyNames;
import dev.portcullis.operator.envoytest.Gate;
import dev.portcullis.operator.envoytest.HttpConnection;
import dev.portcullis.operator.envoytest.HttpText;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.envoytest.MtlsClient;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
}
