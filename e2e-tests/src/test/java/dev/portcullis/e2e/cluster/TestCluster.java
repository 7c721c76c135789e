package dev.portcullis.e2e.cluster;

import java.util.List;

/** A Kubernetes cluster that the tests may do with as they like. */
public interface TestCluster extends AutoCloseable {

  /** A kubeconfig of the cluster's administrator. */
  String kubeconfig();

  /** Makes images of the local engine available to the cluster's nodes. */
  void load(List<String> images);

  /** Runs a command on the (only) node, as root. Fails where nodes cannot be reached. */
  String onNode(String... command);

  @Override
  void close();
}
