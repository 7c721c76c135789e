package dev.portcullis.operator.inject;

import dev.portcullis.bootstrap.contract.SidecarPaths;
import dev.portcullis.operator.inject.SidecarTemplate.Credentials;
import dev.portcullis.operator.names.Names;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.List;
import java.util.stream.Stream;

/** What both containers have in common. */
final class ContainerDefaults {

  /** A mount here keeps the API server from giving the container the application's token. */
  private static final String API_TOKEN_DIR = "/var/run/secrets/kubernetes.io/serviceaccount";

  private ContainerDefaults() {}

  static ContainerBuilder container(String name, String image, SidecarTemplate template) {
    return new ContainerBuilder()
        .withName(name)
        .withImage(image)
        .withImagePullPolicy(template.images().pullPolicy())
        .withTerminationMessagePath("/dev/termination-log")
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        .withVolumeMounts(mounts(template.credentials()));
  }

  static SecurityContextBuilder security() {
    return new SecurityContextBuilder()
        .withAllowPrivilegeEscalation(false)
        .withPrivileged(false)
        .withReadOnlyRootFilesystem(true)
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities();
  }

  private static List<VolumeMount> mounts(Credentials credentials) {
    return switch (credentials) {
      case Credentials.Mounted mounted ->
          Stream.concat(
                  Stream.of(readOnly(Names.IDENTITY_VOLUME, SidecarPaths.IDENTITY_DIR)),
                  mounts().stream())
              .toList();
      case Credentials.Streamed streamed -> mounts();
    };
  }

  private static List<VolumeMount> mounts() {
    return List.of(
        readOnly(Names.TRUST_VOLUME, SidecarPaths.TRUST_DIR),
        readOnly(Names.TOKEN_VOLUME, SidecarPaths.TOKEN_DIR),
        readOnly(Names.TRUST_VOLUME, API_TOKEN_DIR),
        new VolumeMountBuilder()
            .withName(Names.CONFIG_VOLUME)
            .withMountPath(SidecarPaths.CONFIG_DIR)
            .build());
  }

  private static VolumeMount readOnly(String volume, String path) {
    return new VolumeMountBuilder().withName(volume).withMountPath(path).withReadOnly(true).build();
  }
}
