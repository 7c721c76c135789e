package dev.portcullis.e2e;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What the test bed told us of itself; see {@code e2e-tests/testbed/README.md}. */
final class Environment {

  static final String OPERATOR_IMAGE = "portcullis.local/operator:dev";
  static final String BOOTSTRAP_IMAGE = "portcullis.local/sidecar-bootstrap:dev";
  static final String SAMPLE_IMAGE = "portcullis.local/sample:dev";

  private Environment() {}

  static String helm() {
    return required("PORTCULLIS_HELM");
  }

  static Path kubectl() {
    return Path.of(required("PORTCULLIS_KUBECTL"));
  }

  static String nodeImage() {
    return required("PORTCULLIS_NODE_IMAGE");
  }

  static String envoyImage() {
    return required("PORTCULLIS_ENVOY_IMAGE");
  }

  static String rateLimitImage() {
    return required("PORTCULLIS_RATE_LIMIT_IMAGE");
  }

  static String storeImage() {
    return required("PORTCULLIS_REDIS_IMAGE");
  }

  static List<String> images() {
    return List.of(
        OPERATOR_IMAGE,
        BOOTSTRAP_IMAGE,
        SAMPLE_IMAGE,
        envoyImage(),
        rateLimitImage(),
        storeImage());
  }

  /** Kubeconfig of a cluster to use instead of a new one. */
  static Optional<Path> givenCluster() {
    return Optional.ofNullable(System.getenv("PORTCULLIS_E2E_KUBECONFIG")).map(Path::of);
  }

  private static String required(String name) {
    var value = System.getenv(name);
    if (value == null || value.isBlank()) {
      throw new IllegalStateException(
          name + " is not set: run `eval \"$(e2e-tests/testbed/testbed env)\"` first");
    }
    return value;
  }
}
