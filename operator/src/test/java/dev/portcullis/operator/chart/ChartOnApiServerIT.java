package dev.portcullis.operator.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.apiserver.ApiServer;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChartOnApiServerIT {

  private static Installation chart;
  private static List<HasMetadata> stored;

  @BeforeAll
  static void install() {
    chart = new Installation();
    stored = chart.apply();
  }

  @AfterAll
  static void close() {
    chart.close();
  }

  @Test
  void everyManifestIsAcceptedAgainWithoutAConflict() {
    assertThat(chart.apply()).hasSameSizeAs(stored);
  }

  @Test
  void theCaBundleThatTheOperatorWroteOutlivesAnUpgrade() {
    // Given
    var name = only(MutatingWebhookConfiguration.class).getMetadata().getName();
    var webhooks = chart.admin.admissionRegistration().v1().mutatingWebhookConfigurations();
    webhooks
        .withName(name)
        .edit(
            live -> {
              live.getWebhooks().getFirst().getClientConfig().setCaBundle("LS0tLS1CRUdJTg==");
              return live;
            });
    // When
    chart.apply();
    // Then
    assertThat(webhooks.withName(name).get().getWebhooks().getFirst().getClientConfig())
        .extracting("caBundle")
        .isEqualTo("LS0tLS1CRUdJTg==");
  }

  @Test
  void theOperatorsPodPassesPodSecurityRestricted() {
    var template = only(Deployment.class).getSpec().getTemplate();
    var pod =
        new PodBuilder()
            .withNewMetadata()
            .withNamespace(chart.namespace)
            .withName("operator")
            .endMetadata()
            .withSpec(template.getSpec())
            .build();
    assertThat(chart.admin.resource(pod).create().getMetadata().getUid()).isNotBlank();
  }

  @Test
  void thePodOfHelmTestPassesPodSecurityRestricted() {
    var pod = chart.manifests.stream().filter(Pod.class::isInstance).findFirst().orElseThrow();
    assertThat(chart.admin.resource(pod).create().getMetadata().getUid()).isNotBlank();
  }

  @ParameterizedTest(name = "{0} {1} {2}.{3} {4} in {5}")
  @CsvSource(
      textBlock =
          """
          may,    list,   pods, '', '', everywhere
          may,    watch,  apibackendpolicies, portcullis.dev, '', everywhere
          may,    update, apibackendpolicies/status, portcullis.dev, orders, shop
          may,    watch,  apiclientcertificates, portcullis.dev, '', everywhere
          may,    update, apiclientcertificates/status, portcullis.dev, edge, shop
          may,    update, podcertificaterequests/status, certificates.k8s.io, any, shop
          may,    sign,   signers, certificates.k8s.io, portcullis.dev/backend, everywhere
          may,    attest, signers, certificates.k8s.io, portcullis.dev/backend, everywhere
          may,    create, clustertrustbundles, certificates.k8s.io, '', everywhere
          may,    update, clustertrustbundles, certificates.k8s.io, 'portcullis.dev:backend:root', everywhere
          may,    get, serviceaccounts, '', any, shop
          may,    create, events, events.k8s.io, '', shop
          may,    list,   secrets, '', portcullis-ca, own
          may,    create, networkpolicies, networking.k8s.io, '', shop
          may,    create, tokenreviews, authentication.k8s.io, '', everywhere
          may,    patch,  mutatingwebhookconfigurations, admissionregistration.k8s.io, portcullis-operator, everywhere
          may,    get,    secrets, '', portcullis-ca, own
          may,    update, leases, coordination.k8s.io, portcullis-operator, own
          may not, get,   secrets, '', portcullis-ca, shop
          may not, get,   secrets, '', another, own
          may not, list,  secrets, '', '', own
          may not, list,  secrets, '', '', everywhere
          may not, create, secrets, '', '', shop
          may not, delete, secrets, '', portcullis-ca, own
          may not, list, serviceaccounts, '', '', shop
          may not, create, pods, '', '', shop
          may not, delete, pods, '', any, shop
          may not, create, pods/exec, '', any, shop
          may not, create, pods/portforward, '', any, shop
          may not, create, serviceaccounts/token, '', any, shop
          may not, update, apibackendpolicies, portcullis.dev, orders, shop
          may not, update, apiclientcertificates, portcullis.dev, edge, shop
          may not, create, apiclientcertificates, portcullis.dev, '', shop
          may not, sign,  signers, certificates.k8s.io, kubernetes.io/kube-apiserver-client, everywhere
          may not, approve, signers, certificates.k8s.io, portcullis.dev/backend, everywhere
          may not, create, podcertificaterequests, certificates.k8s.io, '', shop
          may not, attest, signers, certificates.k8s.io, kubernetes.io/kube-apiserver-serving, everywhere
          may not, create, events, '', '', own
          may not, update, clustertrustbundles, certificates.k8s.io, 'kubernetes.io:kube-apiserver-serving:x', everywhere
          may not, patch, mutatingwebhookconfigurations, admissionregistration.k8s.io, another, everywhere
          may not, create, mutatingwebhookconfigurations, admissionregistration.k8s.io, '', everywhere
          may not, escalate, clusterroles, rbac.authorization.k8s.io, '', everywhere
          may not, bind, clusterroles, rbac.authorization.k8s.io, '', everywhere
          may not, impersonate, users, '', '', everywhere
          may not, patch, namespaces, '', shop, everywhere
          may not, get, nodes, '', any, everywhere
          may not, update, leases, coordination.k8s.io, another, own
          """)
  void theOperator(
      String answer, String verb, String resource, String group, String name, String where) {
    var parts = resource.split("/");
    var question =
        new SelfSubjectAccessReviewBuilder()
            .withNewSpec()
            .withNewResourceAttributes()
            .withVerb(verb)
            .withGroup(group)
            .withResource(parts[0])
            .withSubresource(parts.length > 1 ? parts[1] : "")
            .withName(name)
            .withNamespace(namespace(where))
            .endResourceAttributes()
            .endSpec()
            .build();
    try (var operator = ApiServer.as(chart.namespace, "portcullis-operator")) {
      var review = operator.authorization().v1().selfSubjectAccessReview().create(question);
      assertThat(review.getStatus().getAllowed()).isEqualTo(answer.equals("may"));
    }
  }

  private static String namespace(String where) {
    return switch (where) {
      case "own" -> chart.namespace;
      case "everywhere" -> "";
      default -> where;
    };
  }

  private static <T extends HasMetadata> T only(Class<T> kind) {
    return stored.stream().filter(kind::isInstance).map(kind::cast).findFirst().orElseThrow();
  }
}
