package dev.portcullis.operator.watch.certificates;

import dev.portcullis.operator.identity.Requests;
import dev.portcullis.operator.names.Names;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCertificateProjectionBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.certificates.v1.PodCertificateRequest;
import io.fabric8.kubernetes.api.model.certificates.v1.PodCertificateRequestBuilder;
import io.fabric8.kubernetes.api.model.certificates.v1.PodCertificateRequestStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Makes pods on a node, and the requests that its kubelet would make for them. */
record Kubelet(KubernetesClient admin, String namespace) {

  static final String NODE = "node-1";

  /** A pod, and the service account that it runs under. */
  record Workload(Pod pod, ServiceAccount account) {}

  /** A pod of its own service account, with a volume that asks our signer. */
  Workload start(String name) {
    return start(name, Names.SIGNER);
  }

  Workload start(String name, String signer) {
    var account =
        admin
            .resource(
                new ServiceAccountBuilder()
                    .withNewMetadata()
                    .withName(name)
                    .withNamespace(namespace)
                    .endMetadata()
                    .build())
            .create();
    return new Workload(admin.resource(pod(name, signer)).create(), account);
  }

  /** A further pod of the same service account. */
  Workload startAnother(String name, Workload first) {
    var pod = pod(name, Names.SIGNER);
    pod.getSpec().setServiceAccountName(first.account().getMetadata().getName());
    return new Workload(admin.resource(pod).create(), first.account());
  }

  private Pod pod(String name, String signer) {
    var certificate =
        new PodCertificateProjectionBuilder()
            .withSignerName(signer)
            .withKeyType("ECDSAP256")
            .withCredentialBundlePath("credentialbundle.pem")
            .build();
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(namespace)
        .endMetadata()
        .withNewSpec()
        .withServiceAccountName(name)
        .withNodeName(NODE)
        .addNewContainer()
        .withName("app")
        .withImage("app")
        .endContainer()
        .addNewVolume()
        .withName("identity")
        .withNewProjected()
        .addNewSource()
        .withPodCertificate(certificate)
        .endSource()
        .endProjected()
        .endVolume()
        .endSpec()
        .build();
  }

  /** Asks for a certificate with a fresh key. */
  PodCertificateRequest ask(Workload workload) {
    return ask(workload, request -> request);
  }

  /** Asks for something else than a kubelet would. */
  PodCertificateRequest ask(Workload workload, UnaryOperator<PodCertificateRequestBuilder> change) {
    return admin.resource(change.apply(request(workload)).build()).create();
  }

  private PodCertificateRequestBuilder request(Workload workload) {
    return new PodCertificateRequestBuilder()
        .withNewMetadata()
        .withGenerateName("req-")
        .withNamespace(namespace)
        .endMetadata()
        .withNewSpec()
        .withSignerName(Names.SIGNER)
        .withPodName(workload.pod.getMetadata().getName())
        .withPodUID(workload.pod.getMetadata().getUid())
        .withServiceAccountName(workload.account.getMetadata().getName())
        .withServiceAccountUID(workload.account.getMetadata().getUid())
        .withNodeName(NODE)
        .withNodeUID("9c6f2a31-2d1e-4a59-a1b8-0f3f3a1b6f10")
        .withStubPKCS10Request(stub("ECDSAP256"))
        .endSpec();
  }

  static String stub(String keyType) {
    return Base64.getEncoder().encodeToString(Requests.empty(keyType));
  }

  static UnaryOperator<PodCertificateRequestBuilder> withKey(String keyType) {
    return request -> request.editSpec().withStubPKCS10Request(stub(keyType)).endSpec();
  }

  static UnaryOperator<PodCertificateRequestBuilder> withAnnotation(String name) {
    return request -> request.editSpec().withUnverifiedUserAnnotations(Map.of(name, "x")).endSpec();
  }

  /** Its status now. */
  PodCertificateRequestStatus statusOf(PodCertificateRequest request) {
    return Optional.ofNullable(admin.resource(request).get().getStatus())
        .orElseGet(PodCertificateRequestStatus::new);
  }

  /** {@code Issued}, {@code Denied/<reason>} or {@code Pending}. */
  String answerTo(PodCertificateRequest request) {
    return statusOf(request).getConditions().stream()
        .findFirst()
        .map(
            condition ->
                condition.getType().equals("Denied")
                    ? "Denied/" + condition.getReason()
                    : condition.getType())
        .orElse("Pending");
  }
}
