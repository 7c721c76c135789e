package dev.portcullis.operator.watch.certificates;

import dev.portcullis.bootstrap.contract.KeyDelivery;
import dev.portcullis.operator.identity.CaMint;
import dev.portcullis.operator.identity.CertificateAuthority;
import dev.portcullis.operator.identity.CryptoProvider;
import dev.portcullis.operator.identity.Issuance;
import dev.portcullis.operator.identity.ServerCredentials;
import dev.portcullis.operator.identity.TrustBundle;
import dev.portcullis.operator.identity.rotation.StepTaker;
import dev.portcullis.operator.watch.time.ApiServerTime;
import dev.portcullis.operator.watch.time.Timepiece;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that the operator does about certificates, as one thing to wire.
 *
 * <ul>
 *   <li>{@link #start} and {@link #close}: on every replica. Watches the CA, signs pods' requests,
 *       keeps this replica's own {@link #credentials} fresh.
 *   <li>{@link #startLeading} and {@link #stopLeading}: with leadership. Makes the CA once, rotates
 *       it, publishes the trust bundle, writes events.
 * </ul>
 */
public final class CertificateService implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(CertificateService.class);
  private static final Duration PERIOD = Duration.ofSeconds(15);
  private static final List<String> STATES =
      List.of("Unread", "Absent", "RootOnly", "Ready", "Missing", "Damaged", "Foreign");

  private final Timepiece clock;
  private final CertificateSettings settings;
  private final List<Witness> witnesses = new CopyOnWriteArrayList<>();
  private final ServerCredentials credentials;
  private final CaWatch watch;
  private final Optional<RequestLoop> requests;
  private final Optional<Throttling> throttling;
  private final KeyDelivery delivery;
  private final BundlePlace place;
  private final CaKeeper.Access access;
  private final CaMint mint;
  private final ApiServerTime time;
  private final CaEvents events;
  private final ExpiryWatch own;
  private final ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService ticks =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("own-certificate").factory());
  private Optional<CaKeeper> keeper = Optional.empty();

  /**
   * What the cluster and the process give.
   *
   * @param instance name of this replica, for people
   */
  public record Surroundings(
      KubernetesClient client, MeterRegistry registry, Timepiece clock, String instance) {}

  /** Asks the API server which kinds and versions it serves, and starts nothing. */
  public CertificateService(
      Surroundings surroundings, CertificateSettings settings, CryptoProvider crypto) {
    var client = surroundings.client();
    this.clock = surroundings.clock();
    var api = CertificatesApi.discover(client);
    this.delivery = settings.delivery().orElseGet(api::delivery);
    this.place =
        api.bundles()
            .<BundlePlace>map(BundlePlace.OfCluster::new)
            .orElseGet(() -> new BundlePlace.OfNamespace(settings.namespace()));
    LOG.info("new pods get their keys by {}; roots are in {}", delivery.value(), place.title());
    var store = new CaStore(client, settings.namespace());
    var published = new PublishedBundle(client, place);
    var metrics = new CertificateMetrics(surroundings.registry(), clock);
    this.time = new ApiServerTime(client, clock);
    this.credentials = new ServerCredentials(settings.server(), crypto);
    this.mint = new CaMint(settings.trustDomain(), crypto);
    this.watch = new CaWatch(store, published, new CaAssessor(settings.trustDomain(), crypto));
    this.settings = settings;
    this.events = new CaEvents(client, settings.namespace(), clock);
    var authorities = new ExpiryWatch();
    var rotation =
        new Rotation(
            new Rotation.Parts(
                store,
                new RotationDesk(client, settings.namespace()),
                new ProvidedSecret(client, settings),
                new Evidence(settings, crypto, watch, witnesses),
                new StepTaker(mint),
                events,
                new RotationMetrics(surroundings.registry()),
                authorities),
            settings,
            clock);
    var validities = new Validities(watch, credentials);
    authorities
        .over("The root", validities::root)
        .over("The issuing CA", validities::issuing)
        .over("The CA that is brought", rotation::provided);
    metrics.expiry("root", validities::root);
    metrics.expiry("issuing", validities::issuing);
    metrics.expiry("provided", rotation::provided);
    metrics.expiry("webhook", validities::own);
    metrics.expiry("xds", validities::own);
    this.access = new CaKeeper.Access(watch, store, published, events, rotation, authorities, time);
    this.own =
        new ExpiryWatch()
            .over("The webhook and xDS certificate of " + surroundings.instance(), validities::own);
    var quotas = new IssueQuotas(settings.limits(), clock::nanos);
    this.requests =
        api.requests()
            .map(
                kind -> {
                  var answers = new RequestAnswers(client, kind, clock);
                  var tools =
                      new RequestSigner.Tools(client, answers, crypto, metrics, quotas, readers);
                  var signer = new RequestSigner(tools, settings, watch::state, clock);
                  return new RequestLoop(kind, signer, tools);
                });
    this.throttling = requests.map(loop -> new Throttling(loop, quotas, events));
    register(metrics);
  }

  /** Starts what every replica does; returns without waiting for the API server. */
  public void start() {
    watch.onChange(state -> renewOwnSoon());
    watch.onChange(state -> requests.ifPresent(RequestLoop::attemptAll));
    watch.start();
    requests.ifPresent(RequestLoop::start);
    ticks.execute(() -> attempt(time::ask));
    every(PERIOD, time::ask);
    every(PERIOD, this::renewOwn);
    every(PERIOD, () -> own.look(clock.instant()).forEach(events::tell));
    every(PERIOD, this::watchThrottling);
  }

  /** To be called when this replica becomes the leader. */
  public synchronized void startLeading() {
    stopLeading();
    var started = new CaKeeper(access, mint, settings, clock);
    keeper = Optional.of(started);
    started.start();
  }

  /** To be called when it no longer is; harmless if it never was. */
  public synchronized void stopLeading() {
    keeper.ifPresent(CaKeeper::close);
    keeper = Optional.empty();
  }

  /** No rotation takes a step before this witness knows nobody who is late. */
  public void consult(Witness witness) {
    witnesses.add(witness);
  }

  /** How pods that are created now get their keys. Does not change while this process runs. */
  public KeyDelivery delivery() {
    return delivery;
  }

  /** Where the roots are published, and so the trusted ones are known from after a restart. */
  public BundlePlace publishedIn() {
    return place;
  }

  /** This replica's own certificate, for its servers and its calls. */
  public ServerCredentials credentials() {
    return credentials;
  }

  /** What is known of the CA, for health and status. */
  public CaState state() {
    return watch.state();
  }

  /** What clients of our servers must trust, also while the CA is out of order. */
  public Optional<TrustBundle> trustBundle() {
    return watch.trusted();
  }

  /** How often connections were cut because a CA was removed; 0 while the CA is out of order. */
  public int connectionsCut() {
    return watch.state() instanceof CaState.Ready(var signer, var kept) ? kept.ledger().cuts() : 0;
  }

  /**
   * Workloads whose pods wait because they have had as many certificates as one may have: {@code
   * <namespace>/<service account>}, and a sentence for people.
   */
  public Map<String, String> throttled() {
    return throttling.map(Throttling::sentences).orElse(Map.of());
  }

  /** Called whenever the CA's state may have changed; the bundle may have with it. */
  public void onChange(Consumer<CaState> listener) {
    watch.onChange(listener);
  }

  /** Whether the certificate of this replica is there, so that it can serve. */
  public boolean canServe() {
    return credentials.expiry().filter(end -> clock.instant().isBefore(end)).isPresent();
  }

  /** Whether all watches are open; a replica where they stay closed should be restarted. */
  public boolean isWatching() {
    return watch.isWatching() && requests.map(RequestLoop::isWatching).orElse(true);
  }

  @Override
  public void close() {
    stopLeading();
    requests.ifPresent(RequestLoop::close);
    watch.close();
    ticks.shutdownNow();
    readers.shutdownNow();
  }

  private void every(Duration period, Runnable duty) {
    long seconds = period.toSeconds();
    ticks.scheduleWithFixedDelay(() -> attempt(duty), seconds, seconds, TimeUnit.SECONDS);
  }

  /** What fails is tried again in the next round, and keeps nothing else from being done. */
  private static void attempt(Runnable duty) {
    try {
      duty.run();
    } catch (KubernetesClientException e) {
      LOG.warn("certificates wait for the API server: {}", e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("certificates could not be cared for", e);
    }
  }

  private void watchThrottling() {
    throttling.ifPresent(
        watched -> {
          watched.look();
          if (leads()) {
            watched.tell();
          }
        });
  }

  private synchronized boolean leads() {
    return keeper.isPresent();
  }

  private void renewOwnSoon() {
    if (!ticks.isShutdown()) {
      ticks.execute(this::renewOwn);
    }
  }

  private void renewOwn() {
    try {
      watch.state().authority().flatMap(this::renewOwn).ifPresent(CertificateService::log);
    } catch (RuntimeException e) {
      LOG.error("the operator's own certificate could not be renewed", e);
    }
  }

  private Optional<Issuance> renewOwn(CertificateAuthority authority) {
    return credentials.renewIfDue(authority, clock.instant());
  }

  private static void log(Issuance issuance) {
    switch (issuance) {
      case Issuance.Issued issued -> LOG.info("the operator's own {}", issued.leaf());
      case Issuance.Refused(String reason) ->
          LOG.warn("the operator's own certificate could not be renewed: {}", reason);
    }
  }

  private void register(CertificateMetrics metrics) {
    metrics.gauge(
        "portcullis.clock.skew",
        "Seconds that this replica's clock is ahead of the API server's",
        () -> clock.skew().map(skew -> skew.toMillis() / 1e3).orElse(Double.NaN));
    metrics.gauge(
        "portcullis.certificates.pending",
        "Requests of our signer without an answer",
        () -> requests.map(RequestLoop::pending).orElse(0L));
    metrics.gauge(
        "portcullis.certificates.throttled.workloads",
        "Workloads whose pods wait because they have had as many certificates as one may have",
        () -> throttling.map(Throttling::workloads).orElse(0));
    STATES.forEach(state -> metrics.state(state, () -> watch.state().name()));
  }
}
