package dev.portcullis.operator.watch.webhook;

import dev.portcullis.operator.identity.rotation.Elder;
import dev.portcullis.operator.identity.rotation.Straggler;
import dev.portcullis.operator.watch.certificates.CertificateService;
import dev.portcullis.operator.watch.certificates.Witness;
import dev.portcullis.operator.watch.lead.Term;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the {@code caBundle} of our webhook what it should be while this replica leads: with a
 * wrong one the API server refuses every pod of the opted-in namespaces. Writes only what differs.
 */
public final class CaBundleKeeper implements Term, Witness {

  private static final Logger LOG = LoggerFactory.getLogger(CaBundleKeeper.class);
  private static final Duration PERIOD = Duration.ofSeconds(30);

  /** However fast somebody else rewrites it, we answer no faster. */
  private static final Duration BETWEEN_WRITES = Duration.ofSeconds(10);

  private final KubernetesClient client;
  private final String configuration;
  private final CertificateService certificates;
  private volatile Optional<Watch> watch = Optional.empty();

  /**
   * @param configuration name of the MutatingWebhookConfiguration
   */
  public CaBundleKeeper(
      KubernetesClient client, String configuration, CertificateService certificates) {
    this.client = client;
    this.configuration = configuration;
    this.certificates = certificates;
    certificates.onChange(state -> watch.ifPresent(Watch::look));
  }

  @Override
  public void begin() {
    var begun = new Watch();
    watch = Optional.of(begun);
    begun.start();
  }

  @Override
  public void end() {
    watch.ifPresent(Watch::close);
    watch = Optional.empty();
  }

  /** The API server must trust the new root before a replica shows a certificate of it. */
  @Override
  public List<Straggler> yetToAccept(Candidate candidate) {
    return watch
        .filter(term -> term.registered.hasSynced())
        .map(term -> yetToTrust(term.registered.find(), candidate.root()))
        .orElseGet(() -> List.of(straggler("It has not been read yet.")));
  }

  private List<Straggler> yetToTrust(
      Optional<MutatingWebhookConfiguration> found, X509Certificate root) {
    return found.filter(webhook -> !CaBundle.isHeldBy(webhook, root)).stream()
        .map(webhook -> straggler("Its caBundle does not hold the new root yet."))
        .toList();
  }

  private Straggler straggler(String why) {
    return new Straggler("MutatingWebhookConfiguration " + configuration, why);
  }

  /** The API server has no certificate of ours. */
  @Override
  public Map<Elder, List<Straggler>> stillHolding(Collection<Elder> elders) {
    return Map.of();
  }

  /** One term: what it sees, and the thread that it writes on. */
  private final class Watch {

    private final ScheduledExecutorService thread =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("ca-bundle").factory());
    private final RegisteredWebhook registered =
        new RegisteredWebhook(client, configuration, this::look);
    private long writtenAt = System.nanoTime() - BETWEEN_WRITES.toNanos();

    void start() {
      registered.start();
      thread.scheduleWithFixedDelay(
          this::attend, PERIOD.toSeconds(), PERIOD.toSeconds(), TimeUnit.SECONDS);
    }

    /** From any thread, also after the end. */
    void look() {
      if (!thread.isShutdown()) {
        thread.execute(this::attend);
      }
    }

    void close() {
      registered.close();
      thread.shutdownNow();
    }

    private void attend() {
      try {
        registered
            .find()
            .flatMap(found -> certificates.trustBundle().map(roots -> new CaBundle(roots, found)))
            .filter(CaBundle::isWrong)
            .ifPresent(this::correct);
      } catch (KubernetesClientException e) {
        LOG.warn("The caBundle could not be written, tried again soon: {}", e.getMessage());
      } catch (RuntimeException e) {
        LOG.error("The caBundle could not be looked after", e);
      }
    }

    private void correct(CaBundle bundle) {
      var pause = BETWEEN_WRITES.toNanos() - (System.nanoTime() - writtenAt);
      if (pause > 0) {
        thread.schedule(this::attend, pause, TimeUnit.NANOSECONDS);
        return;
      }
      writtenAt = System.nanoTime();
      registered.apply(bundle.correction());
      LOG.info("The caBundle of {} is written", configuration);
    }
  }
}
