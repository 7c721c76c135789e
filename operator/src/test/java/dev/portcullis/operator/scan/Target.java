package dev.portcullis.operator.scan;

import dev.portcullis.operator.envoytest.Gate;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.envoytest.TamperedTls;
import dev.portcullis.operator.envoytest.TestPki.Credential;
import dev.portcullis.operator.identity.OperatorOnLoopback;
import dev.portcullis.operator.identity.Requests;
import dev.portcullis.operator.inject.Templates;
import dev.portcullis.operator.inject.WebhookServer;
import dev.portcullis.operator.intent.Tls;
import dev.portcullis.operator.xds.PeerAuthenticator;
import dev.portcullis.operator.xds.XdsServer;
import dev.portcullis.operator.xds.XdsSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A port of ours while it is open.
 *
 * @param caller whom it lets in; empty where it asks for no certificate
 */
record Target(int port, Optional<Credential> caller, Runnable end) implements AutoCloseable {

  static Target listener(Tls tls) {
    return of(Gate.openWithKey(Requests.key(tls.keyType().name()), Intents.tls(tls)));
  }

  /** As no policy can have it. */
  static Target weakListener(Tls tls) {
    var weak =
        TamperedTls.by(
            context ->
                context
                    .getCommonTlsContextBuilder()
                    .getTlsParamsBuilder()
                    .addCipherSuites("ECDHE-ECDSA-AES128-SHA"));
    return of(Gate.openTampered(Intents.tls(tls), weak));
  }

  private static Target of(Gate gate) {
    return new Target(gate.port(), Optional.of(gate.pki().issue(Intents.EDGE)), gate::close);
  }

  static Target xds() {
    var server =
        new XdsServer(
            new XdsSettings(0, 0, Duration.ZERO, Duration.ofSeconds(10), Duration.ofSeconds(45)),
            new OperatorOnLoopback(Instant.now()).keys(),
            new XdsServer.Peers(
                _ -> new PeerAuthenticator.Verdict.Refused("nobody"), _ -> Optional.empty()),
            new SimpleMeterRegistry());
    server.start();
    return new Target(server.port(), Optional.empty(), server::close);
  }

  static Target webhook() {
    var server =
        new WebhookServer(
            0,
            new OperatorOnLoopback(Instant.now()).keys(),
            Templates.injector(Templates.REDIRECT),
            new SimpleMeterRegistry());
    server.start();
    return new Target(server.port().orElseThrow(), Optional.empty(), server::close);
  }

  @Override
  public void close() {
    end.run();
  }
}
