package dev.portcullis.operator.watch.keys;

import com.google.common.hash.Hashing;
import dev.portcullis.operator.identity.LeafFiles;
import dev.portcullis.operator.xds.PeerSecret;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import java.nio.charset.StandardCharsets;

/** Certificates and roots, as Envoy takes them. */
final class Secrets {

  private Secrets() {}

  static PeerSecret identity(String version, LeafFiles files) {
    return new PeerSecret(
        version,
        Secret.newBuilder()
            .setTlsCertificate(
                TlsCertificate.newBuilder()
                    .setCertificateChain(inline(files.chain()))
                    .setPrivateKey(inline(files.key())))
            .build());
  }

  /** Of one version as long as the roots are the same, in every process. */
  static PeerSecret trust(String pem) {
    return new PeerSecret(
        Hashing.sha256().hashString(pem, StandardCharsets.US_ASCII).toString(),
        Secret.newBuilder()
            .setValidationContext(
                CertificateValidationContext.newBuilder().setTrustedCa(inline(pem)))
            .build());
  }

  private static DataSource inline(String text) {
    return DataSource.newBuilder().setInlineString(text).build();
  }
}
