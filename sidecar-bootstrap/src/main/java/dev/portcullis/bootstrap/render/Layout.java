package dev.portcullis.bootstrap.render;

import dev.portcullis.bootstrap.contract.SidecarPaths;
import java.nio.file.Path;

/** Where the pod's files are. */
public record Layout(Path identityDir, Path trustDir, Path tokenDir, Path configDir) {

  /** The directories that the injector mounts. */
  public static Layout ofPod() {
    return new Layout(
        Path.of(SidecarPaths.IDENTITY_DIR),
        Path.of(SidecarPaths.TRUST_DIR),
        Path.of(SidecarPaths.TOKEN_DIR),
        Path.of(SidecarPaths.CONFIG_DIR));
  }

  /** Key and certificate chain in one file. */
  public Path credentialBundle() {
    return identityDir.resolve(fileName(SidecarPaths.CREDENTIAL_BUNDLE));
  }

  public Path trustBundle() {
    return trustDir.resolve(fileName(SidecarPaths.TRUST_BUNDLE));
  }

  public Path xdsToken() {
    return tokenDir.resolve(fileName(SidecarPaths.XDS_TOKEN));
  }

  public Path envoyBootstrap() {
    return configDir.resolve(fileName(SidecarPaths.ENVOY_BOOTSTRAP));
  }

  public Path identitySds() {
    return configDir.resolve(fileName(SidecarPaths.IDENTITY_SDS));
  }

  public Path trustSds() {
    return configDir.resolve(fileName(SidecarPaths.TRUST_SDS));
  }

  public Path tokenSds() {
    return configDir.resolve(fileName(SidecarPaths.TOKEN_SDS));
  }

  public Path adminSocket() {
    return configDir.resolve(fileName(SidecarPaths.ADMIN_SOCKET));
  }

  private static Path fileName(String path) {
    return Path.of(path).getFileName();
  }
}
