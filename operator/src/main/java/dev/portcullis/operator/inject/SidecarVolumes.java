package dev.portcullis.operator.inject;

import dev.portcullis.bootstrap.contract.SidecarPaths;
import dev.portcullis.operator.inject.SidecarTemplate.Credentials;
import dev.portcullis.operator.names.Names;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.ProjectedVolumeSourceBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.fabric8.kubernetes.api.model.VolumeProjectionBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Key and certificate, roots, token, and Envoy's configuration. Only the sidecar mounts them. */
final class SidecarVolumes {

  static final Set<String> NAMES =
      Set.of(Names.IDENTITY_VOLUME, Names.TRUST_VOLUME, Names.TOKEN_VOLUME, Names.CONFIG_VOLUME);

  /** The owner is root, and no other container mounts them. */
  private static final int READABLE = 0444;

  private static final long TOKEN_SECONDS = 3600;

  /** What the API server takes. */
  private static final Duration SHORTEST_LEAF = Duration.ofHours(1);

  private static final Duration LONGEST_LEAF = Duration.ofDays(91);

  private SidecarVolumes() {}

  static List<Volume> of(Credentials credentials, String keyType) {
    return switch (credentials) {
      case Credentials.Mounted(Duration leafLifetime) ->
          List.of(
              projected(Names.IDENTITY_VOLUME, identity(leafLifetime, keyType)),
              projected(Names.TRUST_VOLUME, trust()),
              projected(Names.TOKEN_VOLUME, token()),
              config());
      case Credentials.Streamed() ->
          List.of(
              projected(Names.TRUST_VOLUME, trustOfNamespace()),
              projected(Names.TOKEN_VOLUME, token()),
              config());
    };
  }

  private static Volume config() {
    return new VolumeBuilder()
        .withName(Names.CONFIG_VOLUME)
        .withNewEmptyDir()
        .withMedium("Memory")
        .withSizeLimit(new Quantity("4Mi"))
        .endEmptyDir()
        .build();
  }

  private static VolumeProjection identity(Duration leafLifetime, String keyType) {
    var lifetime =
        leafLifetime.compareTo(LONGEST_LEAF) > 0
            ? LONGEST_LEAF
            : leafLifetime.compareTo(SHORTEST_LEAF) < 0 ? SHORTEST_LEAF : leafLifetime;
    return new VolumeProjectionBuilder()
        .withNewPodCertificate()
        .withSignerName(Names.SIGNER)
        .withKeyType(keyType)
        .withMaxExpirationSeconds((int) lifetime.toSeconds())
        .withCredentialBundlePath(fileOf(SidecarPaths.CREDENTIAL_BUNDLE))
        .endPodCertificate()
        .build();
  }

  private static VolumeProjection trust() {
    return new VolumeProjectionBuilder()
        .withNewClusterTrustBundle()
        .withSignerName(Names.SIGNER)
        .withLabelSelector(new LabelSelector())
        .withPath(fileOf(SidecarPaths.TRUST_BUNDLE))
        .endClusterTrustBundle()
        .build();
  }

  /** Not optional: a pod waits for it rather than trust nobody, or anybody. */
  private static VolumeProjection trustOfNamespace() {
    var file = fileOf(SidecarPaths.TRUST_BUNDLE);
    return new VolumeProjectionBuilder()
        .withNewConfigMap()
        .withName(Names.TRUST_CONFIG_MAP)
        .addNewItem()
        .withKey(file)
        .withPath(file)
        .endItem()
        .endConfigMap()
        .build();
  }

  private static VolumeProjection token() {
    return new VolumeProjectionBuilder()
        .withNewServiceAccountToken()
        .withAudience(Names.XDS_AUDIENCE)
        .withExpirationSeconds(TOKEN_SECONDS)
        .withPath(fileOf(SidecarPaths.XDS_TOKEN))
        .endServiceAccountToken()
        .build();
  }

  private static Volume projected(String name, VolumeProjection source) {
    return new VolumeBuilder()
        .withName(name)
        .withProjected(
            new ProjectedVolumeSourceBuilder()
                .withDefaultMode(READABLE)
                .withSources(source)
                .build())
        .build();
  }

  private static String fileOf(String path) {
    return Path.of(path).getFileName().toString();
  }
}
