package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A caller that reads its certificate from a Secret, as an ingress controller does. */
@OnRealCluster
@ResourceLock(value = Installation.OPERATOR, mode = ResourceAccessMode.READ)
class ClientCertificateE2E {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String PATH = "/api/v1/orders/7";
  private static final String NAMESPACE = "callers";
  private static final String SECRET = "edge-client";

  /** What an administrator of the namespace grants, and what its user asks for. */
  private static final String GRANT =
      """
      apiVersion: rbac.authorization.k8s.io/v1
      kind: Role
      metadata: {name: portcullis-client-certificates}
      rules:
        - {apiGroups: [""], resources: [secrets], verbs: [create]}
        - {apiGroups: [""], resources: [secrets], resourceNames: [edge-client], verbs: [get, update]}
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: RoleBinding
      metadata: {name: portcullis-client-certificates}
      roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: portcullis-client-certificates}
      subjects: [{kind: ServiceAccount, name: portcullis-operator, namespace: portcullis-system}]
      """;

  private static final String CERTIFICATE =
      """
      apiVersion: portcullis.dev/v1alpha1
      kind: ApiClientCertificate
      metadata: {name: edge, namespace: callers}
      spec: {serviceAccountName: edge, secretName: edge-client}
      """;

  private static Installation installation;
  private static Orders orders;

  @BeforeAll
  static void deploy(Installation shared) {
    installation = shared;
    orders = Orders.enforced(shared, "client-certificate-e2e");
  }

  @AfterAll
  static void remove() {
    orders.close();
  }

  @Test
  void whoReadsTheSecretIsTheCallerAndItGoesWithItsObject() {
    // Given
    installation.user().apply(NAMESPACE, GRANT);

    // When
    installation.user().apply(NAMESPACE, CERTIFICATE);

    // Then
    await("a Secret").atMost(PATIENCE).until(() -> secret() != null);
    assertThat(secret().getType()).isEqualTo("kubernetes.io/tls");
    giveToTheStranger(text("tls.key") + text("tls.crt"));
    assertThat(orders.call("stranger", "call", PATH)).startsWith("HTTP 403");
    assertThat(orders.call("stranger", "call", "--credentials", "/tmp/edge-client.pem", PATH))
        .startsWith("HTTP 200")
        .contains("\"X-portcullis-caller\":\"spiffe://cluster.local/ns/callers/sa/edge\"");

    // When
    installation.user().delete(CERTIFICATE);

    // Then
    await("no Secret").atMost(PATIENCE).until(() -> secret() == null);
  }

  private static Secret secret() {
    return installation.client().secrets().inNamespace(NAMESPACE).withName(SECRET).get();
  }

  private static String text(String file) {
    return new String(
        Base64.getDecoder().decode(secret().getData().get(file)), StandardCharsets.US_ASCII);
  }

  private static void giveToTheStranger(String credentials) {
    installation
        .user()
        .exec(
            NAMESPACE,
            "stranger",
            "bash",
            "-c",
            "cat > /tmp/edge-client.pem <<'PEM'\n" + credentials + "PEM\n");
  }
}
