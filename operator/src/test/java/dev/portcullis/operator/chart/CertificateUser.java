package dev.portcullis.operator.chart;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.awaitility.Awaitility.await;

import dev.portcullis.api.v1alpha1.ApiClientCertificate;
import dev.portcullis.api.v1alpha1.ApiClientCertificateSpec;
import dev.portcullis.api.v1alpha1.KeyType;
import dev.portcullis.operator.identity.TrustBundle;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.awaitility.core.ConditionTimeoutException;

/** What the people of one namespace do with ApiClientCertificates, and see of them. */
record CertificateUser(KubernetesClient admin, String namespace) {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  void account(String name) {
    var account =
        new ServiceAccountBuilder()
            .withNewMetadata()
            .withNamespace(namespace)
            .withName(name)
            .endMetadata()
            .build();
    admin.resource(account).create();
  }

  /** For the service account {@code edge}. */
  Resource<ApiClientCertificate> apply(String name, String secret) {
    return apply(name, new ApiClientCertificateSpec("edge", secret, KeyType.ECDSAP256, null));
  }

  /** For another service account; the Secret has the object's name. */
  Resource<ApiClientCertificate> applyFor(String account, String name) {
    return apply(name, new ApiClientCertificateSpec(account, name, KeyType.ECDSAP256, null));
  }

  /** With another lifetime; the Secret has the object's name. */
  Resource<ApiClientCertificate> applyWith(String name, String lifetime) {
    return apply(name, new ApiClientCertificateSpec("edge", name, KeyType.ECDSAP256, lifetime));
  }

  private Resource<ApiClientCertificate> apply(String name, ApiClientCertificateSpec spec) {
    var object = new ApiClientCertificate();
    object.getMetadata().setNamespace(namespace);
    object.getMetadata().setName(name);
    object.setSpec(spec);
    var resource = admin.resource(object);
    resource.fieldManager("user").forceConflicts().serverSideApply();
    return resource;
  }

  /** Lets the operator of an installation keep one Secret here. */
  void grant(String secret, String installation) {
    var yaml =
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {namespace: %1$s, name: portcullis}
        rules:
          - {apiGroups: [""], resources: [secrets], verbs: [create]}
          - {apiGroups: [""], resources: [secrets], resourceNames: [%2$s], verbs: [get, update]}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {namespace: %1$s, name: portcullis}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: portcullis}
        subjects: [{kind: ServiceAccount, namespace: %3$s, name: portcullis-operator}]
        """
            .formatted(namespace, secret, installation);
    admin.resourceList(yaml).items().forEach(item -> admin.resource(item).create());
  }

  /** A Secret that has nothing to do with certificates. */
  SecretBuilder plain(String name) {
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(name)
        .endMetadata()
        .withType("Opaque")
        .addToData("password", base64("hunter2"));
  }

  Resource<Secret> secret(String name) {
    return admin.secrets().inNamespace(namespace).withName(name);
  }

  boolean hasSecret(String name) {
    return secret(name).get() != null;
  }

  void awaitSays(Resource<ApiClientCertificate> object, String type, String wanted) {
    try {
      await().atMost(PATIENCE).until(() -> says(object, type).equals(wanted));
    } catch (ConditionTimeoutException late) {
      throw new AssertionError(type + " never said " + wanted + ": " + object.get(), late);
    }
  }

  void awaitOtherSerial(Resource<ApiClientCertificate> object, String serial) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              var now = object.get().getStatus().serialNumber();
              return now != null
                  && !now.equals(serial)
                  && says(object, "UpToDate").equals("True/UpToDate");
            });
  }

  void awaitEvent(String object, String reason, String note) {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                admin.events().v1().events().inNamespace(namespace).list().getItems().stream()
                    .filter(event -> event.getRegarding().getName().equals(object))
                    .filter(event -> event.getReason().equals(reason))
                    .anyMatch(event -> event.getNote().contains(note)));
  }

  /** {@code True/Issued} or the like; speaks of the newest generation only. */
  String says(Resource<ApiClientCertificate> resource, String type) {
    var object = resource.get();
    return conditions(object).stream()
        .filter(condition -> condition.getType().equals(type))
        .filter(
            condition ->
                Objects.equals(
                    condition.getObservedGeneration(), object.getMetadata().getGeneration()))
        .map(condition -> condition.getStatus() + "/" + condition.getReason())
        .findFirst()
        .orElse("nothing");
  }

  String message(Resource<ApiClientCertificate> object) {
    return conditions(object.get()).getFirst().getMessage();
  }

  private static List<Condition> conditions(ApiClientCertificate object) {
    return Optional.ofNullable(object.getStatus())
        .map(status -> status.conditions())
        .orElse(List.of());
  }

  static List<X509Certificate> chain(Secret secret) {
    return TrustBundle.ofPem(file(secret, "tls.crt")).roots();
  }

  static String file(Secret secret, String name) {
    return new String(Base64.getDecoder().decode(secret.getData().get(name)), US_ASCII);
  }

  static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(US_ASCII));
  }
}
