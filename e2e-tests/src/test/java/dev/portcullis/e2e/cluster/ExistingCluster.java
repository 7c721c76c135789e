package dev.portcullis.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A cluster that somebody else made, and that has the images already. It is left standing. */
public record ExistingCluster(Path kubeconfigFile) implements TestCluster {

  @Override
  public String kubeconfig() {
    try {
      return Files.readString(kubeconfigFile);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Nothing: pushing to the cluster's registry is up to whoever made the cluster. */
  @Override
  public void load(List<String> images) {}

  @Override
  public String onNode(String... command) {
    throw new UnsupportedOperationException("the nodes of a given cluster cannot be reached");
  }

  @Override
  public void close() {}
}
