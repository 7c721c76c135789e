package dev.portcullis.operator.watch.certificates;

import dev.portcullis.operator.names.Names;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that every undecided request of our signer is attempted at once, by one thread at a
 * time, and again with growing pauses until it is settled. Runs on every replica.
 */
final class RequestLoop implements AutoCloseable, ResourceEventHandler<GenericKubernetesResource> {

  private static final Logger LOG = LoggerFactory.getLogger(RequestLoop.class);
  private static final int AT_ONCE = 64;
  private static final long FIRST_PAUSE_MILLIS = 250;
  private static final long LONGEST_PAUSE_MILLIS = 30_000;

  private final SharedIndexInformer<GenericKubernetesResource> requests;
  private final RequestSigner signer;
  private final CertificateMetrics metrics;
  private final Set<String> inWork = ConcurrentHashMap.newKeySet();
  private final Set<String> paused = ConcurrentHashMap.newKeySet();
  private final Map<String, Integer> failures = new ConcurrentHashMap<>();
  private final Semaphore slots = new Semaphore(AT_ONCE);
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService pauses =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("certificate-pauses").factory());

  RequestLoop(
      KubernetesClient client,
      ResourceDefinitionContext api,
      RequestSigner signer,
      CertificateMetrics metrics) {
    this.signer = signer;
    this.metrics = metrics;
    this.requests =
        client
            .genericKubernetesResources(api)
            .inAnyNamespace()
            .withField("spec.signerName", Names.SIGNER)
            .runnableInformer(0);
    requests.addEventHandler(this);
  }

  void start() {
    Informers.startForEver(requests, () -> LOG.info("certificate requests are being watched"));
  }

  /** Attempts all that is pending now, without waiting out its pause. */
  void attemptAll() {
    requests.getStore().list().forEach(this::onAdd);
  }

  long pending() {
    return requests.getStore().list().stream()
        .filter(resource -> !new PodCertificate(resource).isDecided())
        .count();
  }

  boolean isWatching() {
    return requests.isWatching();
  }

  @Override
  public void onAdd(GenericKubernetesResource request) {
    attempt(Cache.metaNamespaceKeyFunc(request));
  }

  @Override
  public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource after) {
    onAdd(after);
  }

  @Override
  public void onDelete(GenericKubernetesResource request, boolean deletedFinalStateUnknown) {
    failures.remove(Cache.metaNamespaceKeyFunc(request));
  }

  private void attempt(String key) {
    var request = requests.getStore().getByKey(key);
    if (request == null || new PodCertificate(request).isDecided()) {
      failures.remove(key);
    } else if (!workers.isShutdown() && inWork.add(key)) {
      workers.execute(() -> work(key));
    }
  }

  private void work(String key) {
    try {
      slots.acquire();
      try {
        settle(key);
      } finally {
        slots.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      inWork.remove(key);
    }
  }

  /** Looks at the newest version that the watch has brought, however old the event was. */
  private void settle(String key) {
    var resource = requests.getStore().getByKey(key);
    if (resource == null || new PodCertificate(resource).isDecided()) {
      return;
    }
    var outcome = metrics.handling().record(() -> attempt(new PodCertificate(resource)));
    switch (outcome) {
      case RequestSigner.Outcome.Settled settled -> failures.remove(key);
      case RequestSigner.Outcome.Postponed postponed -> again(key, postponed);
    }
  }

  private RequestSigner.Outcome attempt(PodCertificate request) {
    try {
      return signer.attempt(request);
    } catch (RuntimeException e) {
      LOG.error("request {}/{} could not be attempted", request.namespace(), request.name(), e);
      return new RequestSigner.Outcome.Postponed("error", e.toString());
    }
  }

  private void again(String key, RequestSigner.Outcome.Postponed postponed) {
    metrics.postponed(postponed.reason());
    int times = failures.merge(key, 1, Integer::sum);
    if (times == 1) {
      LOG.info("request {} is left pending ({}): {}", key, postponed.reason(), postponed.message());
    }
    long pause = Math.min(FIRST_PAUSE_MILLIS << Math.min(times - 1, 10), LONGEST_PAUSE_MILLIS);
    if (!pauses.isShutdown() && paused.add(key)) {
      pauses.schedule(() -> resume(key), pause, TimeUnit.MILLISECONDS);
    }
  }

  private void resume(String key) {
    paused.remove(key);
    attempt(key);
  }

  @Override
  public void close() {
    requests.close();
    pauses.shutdownNow();
    workers.shutdownNow();
  }
}
