package dev.portcullis.operator.whole;

import static org.awaitility.Awaitility.await;

import dev.portcullis.bootstrap.contract.SidecarEnv;
import dev.portcullis.bootstrap.contract.SidecarFlags;
import dev.portcullis.operator.identity.Requests;
import dev.portcullis.operator.names.Annotations;
import dev.portcullis.operator.names.Labels;
import dev.portcullis.operator.names.Names;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCertificateProjectionBuilder;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.certificates.v1.ClusterTrustBundle;
import io.fabric8.kubernetes.api.model.certificates.v1.PodCertificateRequest;
import io.fabric8.kubernetes.api.model.certificates.v1.PodCertificateRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.security.InvalidAlgorithmParameterException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;

/** Does for pods what injector and kubelet do: the object, its files, and what is told of it. */
record Kubelet(KubernetesClient admin, String namespace) {

  private static final String NODE = "node-1";

  /** A pod of the service account of the same name, as the injector leaves it. */
  Pod create(String name, Map<String, String> labels, String policy) {
    account(name);
    var certificate =
        new PodCertificateProjectionBuilder()
            .withSignerName(Names.SIGNER)
            .withKeyType("ECDSAP256")
            .withCredentialBundlePath("credentialbundle.pem")
            .build();
    return admin
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .withLabels(labels)
                .addToLabels(Labels.POLICY, policy)
                .addToAnnotations(Annotations.CAPTURE, "Redirect")
                .endMetadata()
                .withNewSpec()
                .withServiceAccountName(name)
                .withNodeName(NODE)
                .addNewInitContainer()
                .withName(Names.PROXY_CONTAINER)
                .withImage("envoy")
                .withRestartPolicy("Always")
                .withArgs(SidecarFlags.DRAIN_SECONDS, Envoy.DRAIN_SECONDS)
                .endInitContainer()
                .addNewContainer()
                .withName("app")
                .withImage("app")
                .endContainer()
                .addNewVolume()
                .withName(Names.IDENTITY_VOLUME)
                .withNewProjected()
                .addNewSource()
                .withPodCertificate(certificate)
                .endSource()
                .endProjected()
                .endVolume()
                .endSpec()
                .build())
        .create();
  }

  /** A pod whose key comes over the stream, as the injector leaves it. */
  Pod createStreamed(String name, Map<String, String> labels, String policy) {
    account(name);
    return admin
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .withLabels(labels)
                .addToLabels(Labels.POLICY, policy)
                .addToAnnotations(Annotations.CAPTURE, "Redirect")
                .endMetadata()
                .withNewSpec()
                .withServiceAccountName(name)
                .withNodeName(NODE)
                .addNewInitContainer()
                .withName(Names.INIT_CONTAINER)
                .withImage("bootstrap")
                .addNewEnv()
                .withName(SidecarEnv.KEY_DELIVERY)
                .withValue("Stream")
                .endEnv()
                .endInitContainer()
                .addNewInitContainer()
                .withName(Names.PROXY_CONTAINER)
                .withImage("envoy")
                .withRestartPolicy("Always")
                .endInitContainer()
                .addNewContainer()
                .withName("app")
                .withImage("app")
                .endContainer()
                .endSpec()
                .build())
        .create();
  }

  /** What the projected trust volume of such a pod would hold; waits as the kubelet would. */
  String trustOfNamespace() {
    var map = admin.configMaps().inNamespace(namespace).withName(Names.TRUST_CONFIG_MAP);
    await().atMost(Duration.ofSeconds(30)).until(() -> map.get() != null);
    return map.get().getData().get("ca.pem");
  }

  /** A pod that was never injected. */
  Pod createBare(String name, Map<String, String> labels) {
    account(name);
    return admin
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .withLabels(labels)
                .endMetadata()
                .withNewSpec()
                .withServiceAccountName(name)
                .withNodeName(NODE)
                .addNewContainer()
                .withName("app")
                .withImage("app")
                .endContainer()
                .endSpec()
                .build())
        .create();
  }

  /** Key and chain in one file, from the operator's signer. */
  String credentialBundle(Pod pod) {
    var keys = newKeys();
    var account = admin.serviceAccounts().inNamespace(namespace).withName(nameOf(pod)).get();
    var request =
        admin
            .resource(
                new PodCertificateRequestBuilder()
                    .withNewMetadata()
                    .withGenerateName("req-")
                    .withNamespace(namespace)
                    .endMetadata()
                    .withNewSpec()
                    .withSignerName(Names.SIGNER)
                    .withPodName(nameOf(pod))
                    .withPodUID(pod.getMetadata().getUid())
                    .withServiceAccountName(nameOf(pod))
                    .withServiceAccountUID(account.getMetadata().getUid())
                    .withNodeName(NODE)
                    .withNodeUID("9c6f2a31-2d1e-4a59-a1b8-0f3f3a1b6f10")
                    .withStubPKCS10Request(Base64.getEncoder().encodeToString(Requests.empty(keys)))
                    .endSpec()
                    .build())
            .create();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> chainOf(admin.resource(request).get()) != null);
    return pem(keys) + chainOf(admin.resource(request).get());
  }

  /** What the projected trust volume would hold. */
  String trustBundle() {
    return admin
        .resources(ClusterTrustBundle.class)
        .withName(Names.TRUST_BUNDLE)
        .get()
        .getSpec()
        .getTrustBundle();
  }

  /** A token for the operator's audience, bound to the pod. */
  String token(Pod pod) {
    TokenRequest request =
        new TokenRequestBuilder()
            .withNewSpec()
            .withAudiences(Names.XDS_AUDIENCE)
            .withExpirationSeconds(3600L)
            .withNewBoundObjectRef()
            .withKind("Pod")
            .withApiVersion("v1")
            .withName(nameOf(pod))
            .withUid(pod.getMetadata().getUid())
            .endBoundObjectRef()
            .endSpec()
            .build();
    return admin
        .serviceAccounts()
        .inNamespace(namespace)
        .withName(nameOf(pod))
        .tokenRequest(request)
        .getStatus()
        .getToken();
  }

  /** Says that the pod runs there. */
  void report(Pod pod, String address) {
    var status =
        new PodStatusBuilder()
            .withPhase("Running")
            .withPodIP(address)
            .addNewPodIP(address)
            .withInitContainerStatuses(
                new ContainerStatusBuilder()
                    .withName(Names.PROXY_CONTAINER)
                    .withImage("envoy")
                    .withImageID("envoy")
                    .withReady(true)
                    .withStarted(true)
                    .withRestartCount(0)
                    .build())
            .build();
    admin
        .pods()
        .inNamespace(namespace)
        .withName(nameOf(pod))
        .editStatus(live -> new PodBuilder(live).withStatus(status).build());
  }

  /** Says that all of the pod's containers are ready. */
  void ready(Pod pod) {
    var ready =
        new PodConditionBuilder()
            .withType("Ready")
            .withStatus("True")
            .withLastTransitionTime("2026-11-22T12:00:00Z")
            .build();
    admin
        .pods()
        .inNamespace(namespace)
        .withName(nameOf(pod))
        .editStatus(
            live -> new PodBuilder(live).editStatus().addToConditions(ready).endStatus().build());
  }

  /** At once and for good. */
  void delete(Pod pod) {
    admin.pods().inNamespace(namespace).withName(nameOf(pod)).withGracePeriod(0).delete();
  }

  private void account(String name) {
    admin
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .endMetadata()
                .build())
        .create();
  }

  private static String nameOf(Pod pod) {
    return pod.getMetadata().getName();
  }

  private static String chainOf(PodCertificateRequest request) {
    return request.getStatus() == null ? null : request.getStatus().getCertificateChain();
  }

  private static KeyPair newKeys() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (NoSuchAlgorithmException | InvalidAlgorithmParameterException e) {
      throw new AssertionError(e);
    }
  }

  private static String pem(KeyPair keys) {
    var encoder = Base64.getMimeEncoder(64, new byte[] {'\n'});
    return "-----BEGIN PRIVATE KEY-----\n"
        + encoder.encodeToString(keys.getPrivate().getEncoded())
        + "\n-----END PRIVATE KEY-----\n";
  }
}
