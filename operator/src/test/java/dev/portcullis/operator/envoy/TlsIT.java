package dev.portcullis.operator.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.operator.envoytest.Gate;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.intent.Tls;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Protocol versions, suites and ALPN. */
class TlsIT {

  private static final String SUITE = "ECDHE-ECDSA-AES256-GCM-SHA384";

  @Test
  void tls12IsServedWhereThePolicyAllowsItAndOnlyWithItsSuites() throws IOException {
    var tls = new Tls(Tls.Version.TLS_1_2, List.of(SUITE), List.of("P-256"));
    try (var gate = Gate.open(Intents.tls(tls))) {
      var edge = gate.as(Intents.EDGE);
      try (var old = edge.connect("TLSv1.2");
          var current = edge.connect("TLSv1.3")) {
        assertThat(old.get("/files/a").status()).isEqualTo(200);
        assertThat(old.cipherSuite()).isEqualTo("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384");
        assertThat(current.get("/files/a").status()).isEqualTo(200);
      }
      assertThatThrownBy(() -> edge.connect("TLSv1.1").close()).isInstanceOf(IOException.class);
    }
  }

  @Test
  void http2IsServedByAlpn() throws Exception {
    try (var gate = Gate.open(Intents.NONE);
        var client =
            HttpClient.newBuilder()
                .version(Version.HTTP_2)
                .sslContext(gate.as(Intents.EDGE).context())
                .build()) {
      var target = URI.create("https://localhost:" + gate.port() + "/files/a");

      var answer = client.send(HttpRequest.newBuilder(target).build(), BodyHandlers.ofString());

      assertThat(answer.version()).isEqualTo(Version.HTTP_2);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("x-frame-options")).contains("DENY");
    }
  }
}
