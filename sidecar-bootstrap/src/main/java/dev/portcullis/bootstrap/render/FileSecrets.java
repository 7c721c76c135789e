package dev.portcullis.bootstrap.render;

import dev.portcullis.bootstrap.contract.EnvoyNames;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.PathConfigSource;
import io.envoyproxy.envoy.config.core.v3.WatchedDirectory;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.GenericSecret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import java.nio.file.Path;

/**
 * The secrets that Envoy reads from files. The resources never change; the files they name are
 * swapped by the kubelet, and Envoy follows by the watched directory.
 */
public final class FileSecrets {

  private static final String SECRET = "envoy.extensions.transport_sockets.tls.v3.Secret";

  private FileSecrets() {}

  /** Key and chain from the kubelet's credential bundle: both fields name the one file. */
  public static DiscoveryResponse identity(Layout layout) {
    return resource(
        Secret.newBuilder()
            .setName(EnvoyNames.IDENTITY_SECRET)
            .setTlsCertificate(
                TlsCertificate.newBuilder()
                    .setPrivateKey(file(layout.credentialBundle()))
                    .setCertificateChain(file(layout.credentialBundle()))
                    .setWatchedDirectory(watched(layout.identityDir()))));
  }

  /** The roots from the ClusterTrustBundle. */
  public static DiscoveryResponse trust(Layout layout) {
    return resource(
        Secret.newBuilder()
            .setName(EnvoyNames.TRUST_SECRET)
            .setValidationContext(
                CertificateValidationContext.newBuilder()
                    .setTrustedCa(file(layout.trustBundle()))
                    .setWatchedDirectory(watched(layout.trustDir()))));
  }

  /** The service account token that opens the xDS stream. */
  public static DiscoveryResponse token(Layout layout) {
    return resource(
        Secret.newBuilder()
            .setName(EnvoyNames.TOKEN_SECRET)
            .setGenericSecret(GenericSecret.newBuilder().setSecret(file(layout.xdsToken()))));
  }

  static DiscoveryResponse resource(Secret.Builder secret) {
    return DiscoveryResponse.newBuilder()
        .addResources(TypedConfig.of(SECRET, secret.build()))
        .build();
  }

  static SdsSecretConfig reference(String name, Path sdsFile) {
    return SdsSecretConfig.newBuilder()
        .setName(name)
        .setSdsConfig(
            ConfigSource.newBuilder()
                .setResourceApiVersion(ApiVersion.V3)
                .setPathConfigSource(PathConfigSource.newBuilder().setPath(sdsFile.toString())))
        .build();
  }

  private static DataSource file(Path path) {
    return DataSource.newBuilder().setFilename(path.toString()).build();
  }

  private static WatchedDirectory watched(Path directory) {
    return WatchedDirectory.newBuilder().setPath(directory.toString()).build();
  }
}
