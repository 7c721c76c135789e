package dev.portcullis.bootstrap.render;

import dev.portcullis.bootstrap.contract.EnvoyNames;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.GenericSecret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;

/** The canary's secrets, under the names of a real pod's, with their content inside. */
public final class CanarySecrets {

  private CanarySecrets() {}

  /** Both in PEM. */
  public static DiscoveryResponse identity(String key, String certificate) {
    return FileSecrets.resource(
        Secret.newBuilder()
            .setName(EnvoyNames.IDENTITY_SECRET)
            .setTlsCertificate(
                TlsCertificate.newBuilder()
                    .setPrivateKey(inline(key))
                    .setCertificateChain(inline(certificate))));
  }

  /** In PEM. */
  public static DiscoveryResponse trust(String certificate) {
    return FileSecrets.resource(
        Secret.newBuilder()
            .setName(EnvoyNames.TRUST_SECRET)
            .setValidationContext(
                CertificateValidationContext.newBuilder().setTrustedCa(inline(certificate))));
  }

  /** A word that opens nothing. */
  public static DiscoveryResponse token() {
    return FileSecrets.resource(
        Secret.newBuilder()
            .setName(EnvoyNames.TOKEN_SECRET)
            .setGenericSecret(GenericSecret.newBuilder().setSecret(inline("canary"))));
  }

  private static DataSource inline(String content) {
    return DataSource.newBuilder().setInlineString(content).build();
  }
}
