package dev.portcullis.operator;

import dev.portcullis.operator.intent.Mesh;
import dev.portcullis.operator.intent.SpiffeId;
import dev.portcullis.operator.watch.cluster.ClusterCache;
import dev.portcullis.operator.watch.cluster.InformerWatch;
import dev.portcullis.operator.watch.delivery.Backends;
import dev.portcullis.operator.watch.delivery.FastPath;
import dev.portcullis.operator.watch.delivery.Groups;
import dev.portcullis.operator.watch.delivery.PolicyGate;
import dev.portcullis.operator.watch.delivery.PolicyGate.TestHooks;
import dev.portcullis.operator.watch.lead.Leadership;
import dev.portcullis.operator.watch.lead.Lease;
import dev.portcullis.operator.watch.measure.EnforcementProbe;
import dev.portcullis.operator.watch.measure.MeasurementLoop;
import dev.portcullis.operator.watch.peers.TokenReviewAuthenticator;
import dev.portcullis.operator.watch.report.FactsOf;
import dev.portcullis.operator.watch.report.ReportingTerm;
import dev.portcullis.operator.xds.XdsServer;
import dev.portcullis.operator.xds.XdsSettings;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One replica of the operator: what it is made of, and in which order that starts and stops. Knows
 * no framework, so that a test can run two of them.
 */
public final class Portcullis implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Portcullis.class);

  private final ClusterCache cluster;
  private final Credentials credentials;
  private final XdsServer xds;
  private final FastPath fastPath;
  private final Leadership leadership;
  private final InformerWatch informers;
  private final Health health;

  /** What it needs from outside. */
  public record Surroundings(
      KubernetesClient client, Credentials credentials, MeterRegistry registry) {}

  /** Opens nothing yet. */
  public Portcullis(OperatorConfig config, Surroundings surroundings) {
    var client = surroundings.client();
    var registry = surroundings.registry();
    if (config.testHooks()) {
      LOG.warn(
          "TEST HOOKS ARE ON: policies may break their own configuration. Never in production");
    }
    var mesh =
        new Mesh(
            config.trustDomain(),
            SpiffeId.ofServiceAccount(
                config.trustDomain(), config.namespace(), config.serviceAccount()));
    cluster = new ClusterCache(client);
    credentials = surroundings.credentials();
    informers = new InformerWatch(cluster, client);
    var groups = new Groups(cluster);
    var backends = new Backends();
    xds =
        new XdsServer(
            settings(config.xds()),
            credentials.server(),
            new XdsServer.Peers(new TokenReviewAuthenticator(client), groups),
            registry);
    var gate = new PolicyGate(config.testHooks() ? TestHooks.ON : TestHooks.OFF);
    fastPath = new FastPath(new FastPath.Parts(cluster, groups, gate, xds.xds(), mesh, backends));
    var measurements =
        new MeasurementLoop(
            new MeasurementLoop.Parts(
                cluster,
                groups,
                backends,
                new EnforcementProbe(credentials::client, config.probe().timeout())));
    var facts =
        new FactsOf(
            cluster, groups, xds.xds(), measurements.measurements(), InstantSource.system());
    var term =
        new ReportingTerm(
            new ReportingTerm.Parts(
                client,
                registry,
                config.instance(),
                backends,
                facts,
                measurements,
                this::leadership));
    leadership = new Leadership(client, lease(config), term);
    health = new Health(cluster, fastPath, informers);
    gauges(registry, backends);
  }

  /**
   * Returns when sidecars are served. A configuration that is not translated yet costs them
   * nothing: what they run stays.
   */
  public void start() {
    credentials.start();
    cluster.start().toCompletableFuture().join();
    fastPath.start();
    xds.start();
    informers.start();
    leadership.start();
    health.started();
    LOG.info("Portcullis is up");
  }

  /** Hands leadership over first, then lets the sidecars go to another replica. */
  @Override
  public void close() {
    health.stopping();
    leadership.close();
    fastPath.close();
    xds.close();
    informers.close();
    cluster.close();
    credentials.close();
  }

  public Health health() {
    return health;
  }

  private void gauges(MeterRegistry registry, Backends backends) {
    Gauge.builder("portcullis.policies", backends, Backends::size)
        .description("Policies that this replica knows")
        .register(registry);
    Gauge.builder("portcullis.translator.backlog", fastPath, FastPath::backlog)
        .description("Policies that wait for their translation or its outcome")
        .register(registry);
    Gauge.builder("portcullis.leader", leadership, leader -> leader.holds() ? 1 : 0)
        .description("1 on the replica that writes status and NetworkPolicies")
        .register(registry);
  }

  private Leadership leadership() {
    return leadership;
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
