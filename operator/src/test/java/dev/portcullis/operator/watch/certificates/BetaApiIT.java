package dev.portcullis.operator.watch.certificates;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portcullis.operator.identity.CryptoProvider;
import dev.portcullis.operator.identity.Requests;
import dev.portcullis.operator.identity.ServerIdentity;
import dev.portcullis.operator.names.Names;
import dev.portcullis.operator.watch.time.Timepiece;
import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.certificates.v1beta1.ClusterTrustBundle;
import io.fabric8.kubernetes.api.model.certificates.v1beta1.PodCertificateRequest;
import io.fabric8.kubernetes.api.model.certificates.v1beta1.PodCertificateRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.Signature;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A cluster that serves certificates.k8s.io/v1beta1 and no v1, as Kubernetes 1.35 and 1.36 do. */
class BetaApiIT {

  private static final String NAMESPACE = "shop";

  private static KubeAPIServer server;
  private static KubernetesClient admin;
  private static CertificateService operator;

  @BeforeAll
  static void start() {
    server = new KubeAPIServer(config().build());
    server.start();
    admin =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(server.getKubeConfigYaml()))
            .build();
    namespace(NAMESPACE);
    namespace(OperatorCluster.NAMESPACE);
    operator =
        new CertificateService(
            new CertificateService.Surroundings(
                admin, new SimpleMeterRegistry(), Timepiece.system(), "replica"),
            CertificateSettings.of(
                OperatorCluster.DOMAIN,
                OperatorCluster.NAMESPACE,
                new ServerIdentity(OperatorCluster.OPERATOR, List.of())),
            CryptoProvider.fastest());
    operator.start();
    operator.startLeading();
  }

  private static KubeAPIServerConfigBuilder config() {
    var cache = Path.of(System.getProperty("user.home"), ".cache", "portcullis");
    var config =
        KubeAPIServerConfigBuilder.anAPIServerConfig()
            .withApiServerVersion("1.37.0")
            .withUpdateKubeConfig(false)
            .withApiServerFlag(
                "--runtime-config",
                "certificates.k8s.io/v1=false,certificates.k8s.io/v1beta1=true");
    return Files.isDirectory(cache.resolve("k8s")) ? config.withTestDir(cache.toString()) : config;
  }

  @AfterAll
  static void stop() {
    operator.close();
    admin.close();
    server.stop();
  }

  @Test
  void theBundleIsPublished() {
    await()
        .until(
            () ->
                admin.resources(ClusterTrustBundle.class).withName(Names.TRUST_BUNDLE).get()
                    != null);
    assertThat(admin.getApiResources("certificates.k8s.io/v1")).isNull();
  }

  @Test
  void aRequestIsIssued() {
    var workload = new Kubelet(admin, NAMESPACE).start("orders");

    var request =
        admin
            .resource(
                about(workload)
                    .editSpec()
                    .withStubPKCS10Request(Kubelet.stub("ECDSAP256"))
                    .endSpec()
                    .build())
            .create();

    await().until(() -> answerTo(request).equals("Issued"));
  }

  @Test
  void aBareKeyWithProofIsIssuedToo() throws Exception {
    // Given the form that 1.35 knew: a public key, and the pod's uid signed by it
    var workload = new Kubelet(admin, NAMESPACE).start("payments");
    var keys = Requests.key("ECDSAP256");

    var request =
        admin
            .resource(
                about(workload)
                    .editSpec()
                    .withPkixPublicKey(base64(keys.getPublic().getEncoded()))
                    .withProofOfPossession(
                        base64(proof(keys, workload.pod().getMetadata().getUid())))
                    .endSpec()
                    .build())
            .create();

    await().until(() -> answerTo(request).equals("Issued"));
  }

  private static PodCertificateRequestBuilder about(Kubelet.Workload workload) {
    return new PodCertificateRequestBuilder()
        .withNewMetadata()
        .withGenerateName("req-")
        .withNamespace(NAMESPACE)
        .endMetadata()
        .withNewSpec()
        .withSignerName(Names.SIGNER)
        .withPodName(workload.pod().getMetadata().getName())
        .withPodUID(workload.pod().getMetadata().getUid())
        .withServiceAccountName(workload.account().getMetadata().getName())
        .withServiceAccountUID(workload.account().getMetadata().getUid())
        .withNodeName(Kubelet.NODE)
        .withNodeUID("9c6f2a31-2d1e-4a59-a1b8-0f3f3a1b6f10")
        .endSpec();
  }

  private static String answerTo(PodCertificateRequest request) {
    var status = admin.resource(request).get().getStatus();
    return status == null || status.getConditions().isEmpty()
        ? "Pending"
        : status.getConditions().getFirst().getType();
  }

  private static byte[] proof(KeyPair keys, String podUid) throws Exception {
    var signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(keys.getPrivate());
    signature.update(podUid.getBytes(UTF_8));
    return signature.sign();
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static void namespace(String name) {
    admin
        .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
        .create();
  }
}
