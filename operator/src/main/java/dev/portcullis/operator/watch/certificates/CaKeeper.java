package dev.portcullis.operator.watch.certificates;

import dev.portcullis.operator.identity.CaMaterial;
import dev.portcullis.operator.identity.CaMint;
import dev.portcullis.operator.identity.CertificateAuthority;
import dev.portcullis.operator.identity.SigningPair;
import dev.portcullis.operator.identity.TrustBundle;
import dev.portcullis.operator.identity.rotation.Succession;
import dev.portcullis.operator.watch.time.ApiServerTime;
import dev.portcullis.operator.watch.time.Timepiece;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the CA once, takes its rotations further, and keeps the bundle published. Runs on the
 * leader only; started anew with each leadership.
 */
final class CaKeeper implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(CaKeeper.class);

  /** However fast somebody else rewrites the bundle, we write the same no faster. */
  private static final Duration BETWEEN_PUBLICATIONS = Duration.ofSeconds(10);

  private final CaWatch watch;
  private final CaStore store;
  private final PublishedBundle published;
  private final CaEvents events;
  private final Rotation rotation;
  private final ExpiryWatch expiries;
  private final ApiServerTime time;
  private final CaMint mint;
  private final Duration leafLifetime;
  private final Duration period;
  private final Optional<String> bringing;
  private final Timepiece clock;
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("ca-keeper").factory());
  private final Consumer<CaState> listener = this::attend;
  private Optional<TrustBundle> publishedLast = Optional.empty();
  private long publishedAt;
  private String told = "";

  /** Where it reads and writes. */
  record Access(
      CaWatch watch,
      CaStore store,
      PublishedBundle published,
      CaEvents events,
      Rotation rotation,
      ExpiryWatch expiries,
      ApiServerTime time) {}

  CaKeeper(Access access, CaMint mint, CertificateSettings settings, Timepiece clock) {
    this.watch = access.watch();
    this.store = access.store();
    this.published = access.published();
    this.events = access.events();
    this.rotation = access.rotation();
    this.expiries = access.expiries();
    this.time = access.time();
    this.leafLifetime = settings.leafLifetime();
    this.bringing = settings.providedSecret();
    this.period = settings.rotation().betweenRounds();
    this.mint = mint;
    this.clock = clock;
  }

  void start() {
    watch.onChange(listener);
    executor.scheduleWithFixedDelay(this::attend, 0, period.toSeconds(), TimeUnit.SECONDS);
  }

  /** Looks soon; may be called from any thread, also after the end. */
  private void attend(CaState ignored) {
    if (!executor.isShutdown()) {
      executor.execute(this::attend);
    }
  }

  private void attend() {
    attempt(time::ask);
    attempt(this::publish);
    attempt(() -> care(watch.state()));
    attempt(() -> expiries.look(clock.instant()).forEach(events::tell));
    attempt(() -> tell(watch.state()));
  }

  /** What fails is tried again in the next round, and keeps nothing else from being done. */
  private static void attempt(Runnable duty) {
    try {
      duty.run();
    } catch (KubernetesClientException e) {
      LOG.warn("the certificate authority waits for the API server: {}", e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("the certificate authority could not be cared for", e);
    }
  }

  private void tell(CaState state) {
    if (!told.equals(state.message()) && !(state instanceof CaState.Unread)) {
      events.tell(state);
      told = state.message();
    }
  }

  private void care(CaState state) {
    switch (state) {
      case CaState.Absent absent -> mintFirst();
      case CaState.RootOnly(SigningPair root) -> addIssuing(root);
      case CaState.Ready(CertificateAuthority signer, Succession kept) ->
          rotation.attend(signer, kept);
      case CaState.Unread unread -> LOG.debug("{}", unread.message());
      case CaState.Missing missing -> rotation.explain(missing);
      case CaState.Damaged damaged -> rotation.explain(damaged);
      case CaState.Foreign foreign -> rotation.explain(foreign);
    }
  }

  /**
   * Asks the API server itself first: a watch may be behind, and a second root cannot be undone.
   */
  private void mintFirst() {
    if (store.read().isPresent() || published.read().isPresent()) {
      return;
    }
    if (bringing.isEmpty()) {
      create(first(mint.newAuthority(clock.instant())));
    } else {
      rotation.first().ifPresent(this::create);
    }
  }

  private void create(Succession first) {
    try {
      store.create(first);
      LOG.info("a certificate authority has been made");
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      LOG.info("another replica has made the certificate authority");
    }
  }

  private void addIssuing(SigningPair root) {
    store.complete(root, first(CaMaterial.of(root, mint.newIssuing(root, clock.instant()))));
  }

  private Succession first(CaMaterial material) {
    return Succession.first(material, leafLifetime);
  }

  /** The last known roots, also while the CA is out of order: peers go on trusting them. */
  private void publish() {
    watch.trusted().filter(this::mayPublish).ifPresent(this::publish);
  }

  private boolean mayPublish(TrustBundle roots) {
    return !Optional.of(roots).equals(publishedLast)
        || clock.nanos() - publishedAt >= BETWEEN_PUBLICATIONS.toNanos();
  }

  private void publish(TrustBundle roots) {
    if (published.publish(roots, watch.publishedBundle())) {
      publishedLast = Optional.of(roots);
      publishedAt = clock.nanos();
    }
  }

  @Override
  public void close() {
    watch.forget(listener);
    executor.shutdownNow();
    rotation.end();
  }
}
