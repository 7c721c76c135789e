package dev.portcullis.operator.whole;

import io.fabric8.kubernetes.api.model.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;

/** A Secret as the kubelet mounts it: one link to the newest version, replaced in one stroke. */
record MountedSecret(Path directory) {

  private static final String DATA = "..data";

  /** Puts another version in the place of the last. */
  void update(Secret secret) {
    try {
      Files.createDirectories(directory);
      var version = Files.createTempDirectory(directory, "..version");
      for (var file : secret.getData().entrySet()) {
        Files.write(version.resolve(file.getKey()), Base64.getDecoder().decode(file.getValue()));
        link(file.getKey());
      }
      var fresh = directory.resolve("..data_tmp");
      Files.createSymbolicLink(fresh, version.getFileName());
      Files.move(fresh, directory.resolve(DATA), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path file(String name) {
    return directory.resolve(name);
  }

  private void link(String name) throws IOException {
    if (!Files.isSymbolicLink(file(name))) {
      Files.createSymbolicLink(file(name), Path.of(DATA, name));
    }
  }
}
