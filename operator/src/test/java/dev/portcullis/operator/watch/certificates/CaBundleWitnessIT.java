package dev.portcullis.operator.watch.certificates;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portcullis.operator.apiserver.ApiServer;
import dev.portcullis.operator.identity.TrustBundle;
import dev.portcullis.operator.names.Annotations;
import dev.portcullis.operator.names.Names;
import dev.portcullis.operator.watch.webhook.CaBundleKeeper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The API server must trust a new root before a replica shows a certificate of it. */
class CaBundleWitnessIT {

  private static final String WEBHOOK = "ca-bundle-witness-it";
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private OperatorCluster cluster;
  private KubernetesClient limited;
  private CaBundleKeeper keeper;

  @BeforeEach
  void install() {
    cluster = new OperatorCluster();
    desk().delete();
    cluster.admin.resource(webhook()).createOr(existing -> existing.update());
    limited = ApiServer.as(OperatorCluster.NAMESPACE, WEBHOOK);
  }

  @AfterEach
  void uninstall() {
    keeper.end();
    limited.close();
    desk().delete();
    cluster.admin.resource(webhook()).delete();
    cluster.admin.resource(role("get")).delete();
    cluster.close();
  }

  @Test
  void aCaBundleThatIsNotUpdatedHoldsTheSwitchUpAndIsNamed() {
    // Given an operator that keeps the caBundle right
    grant("get", "list", "watch", "patch");
    var leader = cluster.replica();
    keeper = new CaBundleKeeper(limited, WEBHOOK, leader.service());
    leader.service().consult(keeper);
    leader.service().startLeading();
    keeper.begin();
    await().atMost(PATIENCE).until(() -> says("phase", "Steady") && rootsOfWebhook() == 1);

    // When it may not write it any more, and a new root is asked for
    grant("get", "list", "watch");
    desk()
        .edit(
            map -> {
              map.getMetadata().getAnnotations().put(Annotations.ROTATE_ROOT, "once");
              return map;
            });

    // Then the root is published, and does not sign: whom it waits for is named
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                says(
                    "stragglers",
                    "MutatingWebhookConfiguration " + WEBHOOK + ": Its caBundle does not hold"));
    assertThat(cluster.trusted().roots()).hasSize(2);
    assertThat(says("current", "generation 1,")).isTrue();
    assertThat(rootsOfWebhook()).isEqualTo(1);

    // When it may again, then it goes on
    grant("get", "list", "watch", "patch");
    await().atMost(PATIENCE).until(() -> says("current", "generation 2,"));
    assertThat(rootsOfWebhook()).isEqualTo(2);
  }

  private void grant(String... verbs) {
    cluster.admin.resource(role(verbs)).fieldManager("test").forceConflicts().serverSideApply();
    cluster
        .admin
        .resource(
            new ClusterRoleBindingBuilder()
                .withNewMetadata()
                .withName(WEBHOOK)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", WEBHOOK)
                .addNewSubject("", "ServiceAccount", WEBHOOK, OperatorCluster.NAMESPACE)
                .build())
        .fieldManager("test")
        .serverSideApply();
  }

  private static ClusterRole role(String... verbs) {
    return new ClusterRoleBuilder()
        .withNewMetadata()
        .withName(WEBHOOK)
        .endMetadata()
        .addNewRule()
        .withApiGroups("admissionregistration.k8s.io")
        .withResources("mutatingwebhookconfigurations")
        .withResourceNames(WEBHOOK)
        .withVerbs(verbs)
        .endRule()
        .build();
  }

  /** Of a namespace that does not exist, so that it is asked about nothing. */
  private static MutatingWebhookConfiguration webhook() {
    return new MutatingWebhookConfigurationBuilder()
        .withNewMetadata()
        .withName(WEBHOOK)
        .endMetadata()
        .addNewWebhook()
        .withName("witness.portcullis.dev")
        .withAdmissionReviewVersions("v1")
        .withSideEffects("None")
        .withFailurePolicy("Ignore")
        .withNewNamespaceSelector()
        .addToMatchLabels("portcullis.dev/of", WEBHOOK)
        .endNamespaceSelector()
        .withNewClientConfig()
        .withNewService()
        .withNamespace(OperatorCluster.NAMESPACE)
        .withName("nobody")
        .endService()
        .endClientConfig()
        .endWebhook()
        .build();
  }

  private int rootsOfWebhook() {
    var encoded =
        cluster
            .admin
            .resource(webhook())
            .get()
            .getWebhooks()
            .getFirst()
            .getClientConfig()
            .getCaBundle();
    return encoded == null
        ? 0
        : TrustBundle.ofPem(new String(Base64.getDecoder().decode(encoded), UTF_8)).roots().size();
  }

  private boolean says(String name, String text) {
    var map = desk().get();
    return map != null && map.getData().getOrDefault(name, "").contains(text);
  }

  private Resource<ConfigMap> desk() {
    return cluster
        .admin
        .configMaps()
        .inNamespace(OperatorCluster.NAMESPACE)
        .withName(Names.CA_STATUS);
  }
}
