package dev.portcullis.operator;

import dev.portcullis.bootstrap.contract.KeyDelivery;
import dev.portcullis.operator.identity.CryptoProvider;
import dev.portcullis.operator.identity.LeafKey;
import dev.portcullis.operator.identity.ServerIdentity;
import dev.portcullis.operator.identity.TrustDomain;
import dev.portcullis.operator.identity.rotation.Timing;
import dev.portcullis.operator.inject.WebhookServer;
import dev.portcullis.operator.intent.Mesh;
import dev.portcullis.operator.intent.SpiffeId;
import dev.portcullis.operator.watch.certificates.CertificateService;
import dev.portcullis.operator.watch.certificates.CertificateSettings;
import dev.portcullis.operator.watch.certificates.IssueLimits;
import dev.portcullis.operator.watch.clients.ClientCertificates;
import dev.portcullis.operator.watch.cluster.Cluster;
import dev.portcullis.operator.watch.cluster.ClusterCache;
import dev.portcullis.operator.watch.cluster.InformerWatch;
import dev.portcullis.operator.watch.cluster.ObservedPod;
import dev.portcullis.operator.watch.cluster.ObservedPod.Sidecar.Template;
import dev.portcullis.operator.watch.cluster.ObservedPolicy;
import dev.portcullis.operator.watch.cluster.ObservedPolicy.Unreadable;
import dev.portcullis.operator.watch.delivery.Backends;
import dev.portcullis.operator.watch.delivery.FastPath;
import dev.portcullis.operator.watch.delivery.Groups;
import dev.portcullis.operator.watch.delivery.PolicyGate;
import dev.portcullis.operator.watch.delivery.PolicyGate.TestHooks;
import dev.portcullis.operator.watch.documents.WatchedDocuments;
import dev.portcullis.operator.watch.jwks.AllowedAddresses;
import dev.portcullis.operator.watch.jwks.AllowedHosts;
import dev.portcullis.operator.watch.jwks.HeldKeySets;
import dev.portcullis.operator.watch.jwks.KeySetFetcher;
import dev.portcullis.operator.watch.jwks.KeySetKeeper;
import dev.portcullis.operator.watch.jwks.KeySetMetrics;
import dev.portcullis.operator.watch.keys.KeyMetrics;
import dev.portcullis.operator.watch.keys.StreamedKeys;
import dev.portcullis.operator.watch.keys.TrustMaps;
import dev.portcullis.operator.watch.lead.Leadership;
import dev.portcullis.operator.watch.lead.Lease;
import dev.portcullis.operator.watch.measure.EnforcementProbe;
import dev.portcullis.operator.watch.measure.GateWitness;
import dev.portcullis.operator.watch.measure.MeasurementLoop;
import dev.portcullis.operator.watch.outside.ForeignTrusts;
import dev.portcullis.operator.watch.peers.TokenReviewAuthenticator;
import dev.portcullis.operator.watch.report.Cuts;
import dev.portcullis.operator.watch.report.FactsOf;
import dev.portcullis.operator.watch.report.ReportingTerm;
import dev.portcullis.operator.watch.time.Timepiece;
import dev.portcullis.operator.watch.webhook.CaBundleKeeper;
import dev.portcullis.operator.xds.XdsServer;
import dev.portcullis.operator.xds.XdsSettings;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One replica of the operator: what it is made of, and in which order that starts and stops. Knows
 * no framework, so that a test can run two of them.
 */
public final class Portcullis implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Portcullis.class);
  private static final long POLL_MILLIS = 20;

  private final ClusterCache cluster;
  private final CertificateService certificates;
  private final XdsServer xds;
  private final WebhookServer webhook;
  private final ForeignTrusts trusts;
  private final HeldKeySets keySets;
  private final KeySetFetcher keySetFetcher;
  private final WatchedDocuments documents;
  private final FastPath fastPath;
  private final Leadership leadership;
  private final InformerWatch informers;
  private final Health health;

  /**
   * Opens nothing yet, but asks the API server what it can do.
   *
   * @throws KubernetesClientException when the API server does not answer
   */
  public Portcullis(OperatorConfig config, KubernetesClient client, MeterRegistry registry) {
    if (config.testHooks()) {
      LOG.warn(
          "TEST HOOKS ARE ON: policies may break their own configuration. Never in production");
    }
    var mesh =
        new Mesh(
            config.trustDomain(),
            SpiffeId.ofServiceAccount(
                config.trustDomain(), config.namespace(), config.serviceAccount()),
            Scrapers.parse(config.proxy().scrapeFrom()),
            Stores.parse(config));
    cluster = new ClusterCache(client);
    var time = Timepiece.system();
    certificates = certificates(config, client, registry, time);
    informers = new InformerWatch(cluster, client);
    var groups = new Groups(cluster);
    var backends = new Backends();
    xds =
        new XdsServer(
            settings(config.xds()),
            certificates.credentials().keyManager(),
            new XdsServer.Peers(
                new TokenReviewAuthenticator(client),
                groups,
                new StreamedKeys(streamedKeys(config, groups, time), new KeyMetrics(registry))),
            registry);
    var injection = new Injection(config, mesh, certificates.delivery());
    var injector = injection.injector(new PolicyPlans(cluster, groups));
    webhook = injection.webhook(injector, certificates.credentials().keyManager(), registry);
    var gate = new PolicyGate(config.testHooks() ? TestHooks.ON : TestHooks.OFF);
    trusts =
        new ForeignTrusts(
            new ForeignTrusts.Parts(client, cluster.policies(), time, ForeignTrusts.PERIOD));
    var hosts = AllowedHosts.parse(config.jwks().allowedHosts().orElse(List.of()));
    keySets = new HeldKeySets(client, config.namespace(), cluster.policies(), hosts);
    keySetFetcher = new KeySetFetcher(client, limits(config.jwks(), hosts), time);
    documents = new WatchedDocuments(client, cluster.policies());
    fastPath =
        new FastPath(
            new FastPath.Parts(
                cluster,
                groups,
                gate,
                xds.xds(),
                mesh,
                backends,
                certificates.delivery(),
                trusts,
                keySets,
                documents,
                certificates::connectionsCut));
    certificates.onChange(state -> fastPath.authoritiesChanged());
    var measurements =
        new MeasurementLoop(
            new MeasurementLoop.Parts(
                cluster,
                groups,
                backends,
                new EnforcementProbe(
                    peer -> certificates.credentials().clientContext(peer.uri()),
                    config.probe().timeout())));
    var facts =
        new FactsOf(
            cluster,
            groups,
            fastPath.called(),
            xds.xds(),
            keySets,
            measurements.measurements(),
            policy ->
                new Template(
                    injector.templateFor(PolicyPlans.plan(policy)), config.images().envoy()),
            certificates::throttled,
            time,
            new Cuts());
    var reports =
        new ReportingTerm(
            new ReportingTerm.Parts(
                client,
                registry,
                config.instance(),
                backends,
                facts,
                measurements,
                this::leadership));
    var caBundle = new CaBundleKeeper(client, config.webhook().configuration(), certificates);
    certificates.consult(caBundle);
    certificates.consult(
        new GateWitness(
            new GateWitness.Parts(
                cluster,
                groups,
                backends,
                peer -> certificates.credentials().clientContext(peer.uri()),
                config.probe().timeout())));
    var trustMaps =
        new TrustMaps(
            new TrustMaps.Parts(
                client,
                cluster,
                certificates,
                config.namespace(),
                config.rotation().spread(),
                time));
    certificates.consult(trustMaps);
    var clients =
        new ClientCertificates(
            new ClientCertificates.Parts(
                client,
                registry,
                config.instance(),
                certificates,
                certificateSettings(config),
                CryptoProvider.fastest(),
                time,
                ClientCertificates.PERIOD,
                () -> leadership().holds()));
    certificates.consult(clients);
    leadership =
        new Leadership(
            client,
            lease(config),
            new OperatorTerm(
                certificates, trustMaps, caBundle, reports, keeper(registry, time), clients));
    health = new Health(new Health.Parts(cluster, fastPath, informers, certificates, webhook));
    gauges(registry, backends);
  }

  /**
   * Returns when sidecars are served; that takes a certificate, and so a CA, which the leader makes
   * where there is none.
   */
  public void start() throws InterruptedException {
    webhook.warmUp();
    certificates.start();
    cluster.start().toCompletableFuture().join();
    trusts.start();
    keySets.start();
    documents.start();
    fastPath.start();
    informers.start();
    leadership.start();
    awaitCertificate();
    xds.start();
    webhook.start();
    health.started();
    LOG.info("Portcullis is up");
  }

  /** Hands leadership over first, then lets the sidecars go to another replica. */
  @Override
  public void close() {
    health.stopping();
    leadership.close();
    webhook.close();
    xds.close();
    fastPath.close();
    trusts.close();
    keySetFetcher.close();
    keySets.close();
    documents.close();
    informers.close();
    cluster.close();
    certificates.close();
  }

  private void awaitCertificate() throws InterruptedException {
    var ready = new CountDownLatch(1);
    certificates.onChange(
        state -> {
          if (certificates.canServe()) {
            ready.countDown();
          }
        });
    while (!certificates.canServe() && !ready.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
      LOG.debug("Waiting for a certificate; the CA is {}", certificates.state().name());
    }
  }

  public Health health() {
    return health;
  }

  private void gauges(MeterRegistry registry, Backends backends) {
    Gauge.builder("portcullis.policies", backends, Backends::size)
        .description("Policies that this replica knows")
        .register(registry);
    Gauge.builder("portcullis.policies.unreadable", cluster, Portcullis::unreadable)
        .description("Policies that this version of the operator cannot read")
        .register(registry);
    Gauge.builder("portcullis.translator.backlog", fastPath, FastPath::backlog)
        .description("Policies that wait for their translation or its outcome")
        .register(registry);
    Gauge.builder("portcullis.leader", leadership, leader -> leader.holds() ? 1 : 0)
        .description("1 on the replica that writes status and NetworkPolicies")
        .register(registry);
  }

  private static long unreadable(Cluster cluster) {
    return cluster.policies().all().stream().filter(Unreadable.class::isInstance).count();
  }

  private Leadership leadership() {
    return leadership;
  }

  private KeySetKeeper keeper(MeterRegistry registry, Timepiece time) {
    return new KeySetKeeper(
        new KeySetKeeper.Parts(
            keySets,
            keySetFetcher,
            new KeySetMetrics(registry, time),
            time,
            System::nanoTime,
            () -> leadership().holds()));
  }

  private static KeySetFetcher.Limits limits(OperatorConfig.Jwks config, AllowedHosts hosts) {
    return new KeySetFetcher.Limits(
        hosts, AllowedAddresses.with(config.allowedNetworks().orElse(List.of())), config.timeout());
  }

  private static CertificateService certificates(
      OperatorConfig config, KubernetesClient client, MeterRegistry registry, Timepiece time) {
    return new CertificateService(
        new CertificateService.Surroundings(client, registry, time, config.instance()),
        certificateSettings(config),
        CryptoProvider.fastest());
  }

  private static CertificateSettings certificateSettings(OperatorConfig config) {
    var trustDomain = new TrustDomain(config.trustDomain());
    var host = config.xds().address().split(":", 2)[0];
    var service = host.split("\\.", 2)[0] + "." + config.namespace() + ".svc";
    var identity =
        new ServerIdentity(
            trustDomain.serviceAccount(config.namespace(), config.serviceAccount()),
            // the CA may vouch for no other DNS names; sidecars look at the SPIFFE id alone
            List.of(service));
    return new CertificateSettings(
        trustDomain,
        config.namespace(),
        identity,
        config.leafLifetime(),
        config.leafRenewal().orElse(config.leafLifetime()),
        new IssueLimits(IssueLimits.DEFAULT.perPodAndMinute(), config.issuesPerWorkloadAndHour()),
        new Timing(config.rotation().spread(), config.rotation().patience()),
        config.rotation().providedSecret(),
        keyDelivery(config));
  }

  private static Optional<KeyDelivery> keyDelivery(OperatorConfig config) {
    return config.keyDelivery().equals("Auto")
        ? Optional.empty()
        : Optional.of(
            KeyDelivery.of(config.keyDelivery())
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "portcullis.key-delivery is '%s' but must be Auto, Kubelet or Stream"
                                .formatted(config.keyDelivery()))));
  }

  private StreamedKeys.Parts streamedKeys(OperatorConfig config, Groups groups, Timepiece time) {
    return new StreamedKeys.Parts(
        cluster,
        () -> certificates.state().authority(),
        certificates::trustBundle,
        pod -> keyType(groups, pod),
        certificateSettings(config),
        CryptoProvider.fastest(),
        time);
  }

  /** Of its policy today; what no policy selects serves nobody. */
  private LeafKey keyType(Groups groups, ObservedPod pod) {
    return groups
        .policyOf(pod)
        .flatMap(key -> cluster.policies().get(key.namespace(), key.name()))
        .flatMap(ObservedPolicy::legible)
        .map(policy -> LeafKey.valueOf(PolicyPlans.plan(policy).keyType()))
        .orElse(LeafKey.ECDSAP256);
  }

  private static XdsSettings settings(OperatorConfig.Xds config) {
    var defaults = XdsSettings.defaults();
    return new XdsSettings(
        config.port(),
        config.canaryPort(),
        config.canaryGrace(),
        defaults.canaryAnswer(),
        defaults.acknowledgement());
  }

  private static Lease lease(OperatorConfig config) {
    return new Lease(
        config.namespace(),
        config.lease().name(),
        config.instance(),
        config.lease().duration(),
        config.lease().renewDeadline(),
        config.lease().retry());
  }
}
