package dev.portcullis.operator.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.portcullis.operator.envoytest.Gate;
import dev.portcullis.operator.envoytest.HttpConnection;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.envoytest.TamperedTls;
import dev.portcullis.operator.envoytest.TestPki.LeafShape;
import dev.portcullis.operator.intent.KeyType;
import dev.portcullis.operator.intent.Tls;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A session that is resumed shows no certificate again, so it would outlive the first one's. */
class ResumptionIT {

  private static final Duration SHORT = Duration.ofSeconds(4);
  private static final Tls BOTH_VERSIONS =
      new Tls(Tls.Version.TLS_1_2, Tls.Profile.STANDARD, List.of(), List.of(), KeyType.ECDSAP256);

  private static final UnaryOperator<Listener> RESUMING =
      TamperedTls.by(
          tls ->
              tls.setDisableStatelessSessionResumption(false)
                  .setDisableStatefulSessionResumption(false));

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void anExpiredCertificateDoesNotResume(String version) throws IOException {
    try (var gate = Gate.open(Intents.tls(BOTH_VERSIONS))) {
      var caller = callerWhoseCertificateExpired(gate, version);

      assertThatThrownBy(() -> call(gate, caller, version)).isInstanceOf(IOException.class);
    }
  }

  /** The twin, which forgets to forbid it: the handshake succeeds, and one check is left. */
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void whereResumptionIsLeftOnItDoesAndOnlyTheRequestIsRefused(String version) throws IOException {
    try (var gate = Gate.openTampered(Intents.tls(BOTH_VERSIONS), RESUMING)) {
      var caller = callerWhoseCertificateExpired(gate, version);

      assertThat(call(gate, caller, version)).isEqualTo(403);
    }
  }

  private static SSLContext callerWhoseCertificateExpired(Gate gate, String version)
      throws IOException {
    var now = Instant.now();
    var end = now.plus(SHORT);
    var leaf = LeafShape.of(Intents.EDGE).valid(now.minus(Duration.ofMinutes(5)), end);
    var caller = gate.with(gate.pki().issue(leaf)).context();
    assertThat(call(gate, caller, version)).isEqualTo(200);
    await().until(() -> Instant.now().isAfter(end.plusSeconds(1)));
    return caller;
  }

  private static int call(Gate gate, SSLContext caller, String version) throws IOException {
    try (var socket =
        (SSLSocket) caller.getSocketFactory().createSocket("127.0.0.1", gate.port())) {
      socket.setSoTimeout(10_000);
      socket.setEnabledProtocols(new String[] {version});
      return new HttpConnection(socket).get("/files/a").status();
    }
  }
}
