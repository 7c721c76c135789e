package dev.portcullis.operator.watch.certificates;

import dev.portcullis.operator.apiserver.ApiServer;
import dev.portcullis.operator.identity.CryptoProvider;
import dev.portcullis.operator.identity.ServerIdentity;
import dev.portcullis.operator.identity.TrustBundle;
import dev.portcullis.operator.identity.TrustDomain;
import dev.portcullis.operator.identity.rotation.Timing;
import dev.portcullis.operator.names.Names;
import dev.portcullis.operator.watch.time.Timepiece;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.certificates.v1.ClusterTrustBundle;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The operator's side of certificates on the real API server, with no more rights than the chart
 * gives it. Replicas can be started and stopped; CA and bundle are gone at the end.
 */
final class OperatorCluster implements AutoCloseable {

  static final String NAMESPACE = "portcullis-system";
  static final TrustDomain DOMAIN = new TrustDomain("cluster.local");
  static final String OPERATOR = DOMAIN.serviceAccount(NAMESPACE, "portcullis-operator");

  private static final Path CHART = Path.of("src/test/resources/chart/defaults/out-manifests.yaml");

  /** Rotations take no more time than they must. */
  private static final CertificateSettings SETTINGS =
      new CertificateSettings(
          DOMAIN,
          NAMESPACE,
          new ServerIdentity(OPERATOR, List.of("portcullis.portcullis-system.svc")),
          CertificateSettings.DEFAULT_LEAF_LIFETIME,
          CertificateSettings.DEFAULT_LEAF_LIFETIME,
          IssueLimits.DEFAULT,
          new Timing(Duration.ofSeconds(1), Duration.ofSeconds(1)),
          Optional.empty(),
          Optional.empty());

  final KubernetesClient admin = ApiServer.admin();
  private final List<AutoCloseable> started = new ArrayList<>();

  OperatorCluster() {
    admin
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(NAMESPACE).endMetadata().build())
        .fieldManager("test")
        .serverSideApply();
    grantWhatTheChartGrants();
    forgetCa();
  }

  /** A replica that follows. */
  Replica replica() {
    return replica(Clock.systemUTC());
  }

  /** A replica whose clock is its own. */
  Replica replica(Clock clock) {
    return replica(SETTINGS, clock);
  }

  /** A replica that follows, and issues no more than this. */
  Replica replica(IssueLimits limits) {
    return replica(with(limits), Clock.systemUTC());
  }

  /** One that leads. */
  Replica leader(IssueLimits limits) {
    var leader = replica(limits);
    leader.service.startLeading();
    return leader;
  }

  private static CertificateSettings with(IssueLimits limits) {
    return new CertificateSettings(
        SETTINGS.trustDomain(),
        SETTINGS.namespace(),
        SETTINGS.server(),
        SETTINGS.leafLifetime(),
        SETTINGS.leafRenewal(),
        limits,
        SETTINGS.rotation(),
        SETTINGS.providedSecret(),
        SETTINGS.delivery());
  }

  private Replica replica(CertificateSettings settings, Clock clock) {
    var client = ApiServer.as(NAMESPACE, "portcullis-operator");
    var registry = new SimpleMeterRegistry();
    var service =
        new CertificateService(
            new CertificateService.Surroundings(
                client, registry, new Timepiece(clock, System::nanoTime), "replica"),
            settings,
            CryptoProvider.fastest());
    service.start();
    started.addFirst(client);
    started.addFirst(service);
    return new Replica(service, registry);
  }

  /** A replica that is told of a CA that somebody brings. */
  Replica replicaBringing(String secret) {
    grantReading(secret);
    return replica(
        new CertificateSettings(
            SETTINGS.trustDomain(),
            SETTINGS.namespace(),
            SETTINGS.server(),
            SETTINGS.leafLifetime(),
            SETTINGS.leafRenewal(),
            SETTINGS.limits(),
            SETTINGS.rotation(),
            Optional.of(secret),
            Optional.empty()),
        Clock.systemUTC());
  }

  /** As the chart does for {@code certificates.providedSecret}. */
  private void grantReading(String secret) {
    var name = "certificates-it-" + secret;
    admin
        .resource(
            new RoleBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(NAMESPACE)
                .endMetadata()
                .addNewRule()
                .withApiGroups("")
                .withResources("secrets")
                .withResourceNames(secret)
                .withVerbs("get")
                .endRule()
                .build())
        .fieldManager("test")
        .serverSideApply();
    admin
        .resource(
            new RoleBindingBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(NAMESPACE)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "Role", name)
                .addNewSubject("", "ServiceAccount", "portcullis-operator", NAMESPACE)
                .build())
        .fieldManager("test")
        .serverSideApply();
  }

  /** A replica that leads. */
  Replica leader() {
    var leader = replica();
    leader.service.startLeading();
    return leader;
  }

  record Replica(CertificateService service, SimpleMeterRegistry registry) {

    double count(String counter) {
      return registry.find(counter).counters().stream().mapToDouble(c -> c.count()).sum();
    }

    CaState state() {
      return service.state();
    }
  }

  Resource<Secret> secret() {
    return admin.secrets().inNamespace(NAMESPACE).withName(Names.CA_SECRET);
  }

  Resource<ClusterTrustBundle> bundle() {
    return admin.resources(ClusterTrustBundle.class).withName(Names.TRUST_BUNDLE);
  }

  /** What pods mount. */
  TrustBundle trusted() {
    return TrustBundle.ofPem(bundle().get().getSpec().getTrustBundle());
  }

  /** Puts a Secret with this content in the place of whatever is there. */
  void replaceSecret(Map<String, String> data) {
    secret().delete();
    var secret =
        new SecretBuilder()
            .withNewMetadata()
            .withName(Names.CA_SECRET)
            .withNamespace(NAMESPACE)
            .endMetadata()
            .withType("Opaque")
            .withData(data)
            .build();
    admin.resource(secret).create();
  }

  void stopReplicas() {
    started.forEach(OperatorCluster::stop);
    started.clear();
  }

  void forgetCa() {
    secret().delete();
    bundle().delete();
  }

  @Override
  public void close() {
    stopReplicas();
    forgetCa();
    admin.close();
  }

  private static void stop(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private void grantWhatTheChartGrants() {
    try (var manifests = Files.newInputStream(CHART)) {
      admin.load(manifests).items().stream()
          .filter(OperatorCluster::isOfOperator)
          .forEach(
              manifest -> admin.resource(renamed(manifest)).fieldManager("test").serverSideApply());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isOfOperator(HasMetadata manifest) {
    return manifest.getMetadata().getName().equals("portcullis-operator")
        && manifest.getApiVersion().startsWith("rbac.");
  }

  /** Other tests install the chart beside this one, on the same server. */
  private static HasMetadata renamed(HasMetadata manifest) {
    var name = "certificates-it";
    manifest.getMetadata().setName(name);
    switch (manifest) {
      case ClusterRoleBinding binding -> binding.getRoleRef().setName(name);
      case RoleBinding binding -> binding.getRoleRef().setName(name);
      case ClusterRole role -> role.getMetadata().setName(name);
      case Role role -> role.getMetadata().setName(name);
      default -> throw new AssertionError(manifest.getKind());
    }
    return manifest;
  }
}
