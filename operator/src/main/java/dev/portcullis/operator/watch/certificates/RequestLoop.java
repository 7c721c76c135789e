package dev.portcullis.operator.watch.certificates;

import dev.portcullis.operator.names.Names;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
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
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that every undecided request of our signer is attempted at once, by one thread at a
 * time, and again with growing pauses until it is settled. Runs on every replica.
 */
final class RequestLoop implements AutoCloseable, ResourceEventHandler<GenericKubernetesResource> {

  private static final Logger LOG = LoggerFactory.getLogger(RequestLoop.class);
  private static final int AT_ONCE = 64;

  /** However many pods a workload starts, others find a slot. */
  private static final int OF_ONE_WORKLOAD = 24;

  private static final long FIRST_PAUSE_MILLIS = 250;
  private static final long LONGEST_PAUSE_MILLIS = 30_000;

  private final SharedIndexInformer<GenericKubernetesResource> requests;
  private final RequestSigner signer;
  private final CertificateMetrics metrics;
  private final IssueQuotas quotas;
  private final Lanes lanes = new Lanes(OF_ONE_WORKLOAD);
  private final Set<String> inWork = ConcurrentHashMap.newKeySet();
  private final Set<String> paused = ConcurrentHashMap.newKeySet();
  private final Map<String, Integer> failures = new ConcurrentHashMap<>();
  private final Semaphore slots = new Semaphore(AT_ONCE);
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService pauses =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("certificate-pauses").factory());

  RequestLoop(ResourceDefinitionContext api, RequestSigner signer, RequestSigner.Tools tools) {
    this.signer = signer;
    this.metrics = tools.metrics();
    this.quotas = tools.quotas();
    this.requests =
        tools
            .client()
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

  /** One waiting request of each workload that has had its share, by the workload. */
  Map<String, PodCertificate> throttled() {
    return requests.getStore().list().stream()
        .map(PodCertificate::new)
        .filter(request -> !request.isDecided())
        .filter(request -> !quotas.tryTakeOfWorkload(request))
        .collect(
            Collectors.toUnmodifiableMap(
                PodCertificate::workload, Function.identity(), (first, other) -> first));
  }

  boolean isWatching() {
    return requests.isWatching();
  }

  @Override
  public void onAdd(GenericKubernetesResource request) {
    quotas.saw(new PodCertificate(request));
    attempt(Cache.metaNamespaceKeyFunc(request));
  }

  @Override
  public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource after) {
    onAdd(after);
  }

  @Override
  public void onDelete(GenericKubernetesResource request, boolean deletedFinalStateUnknown) {
    quotas.gone(new PodCertificate(request));
    signer.forget(new PodCertificate(request));
    failures.remove(Cache.metaNamespaceKeyFunc(request));
  }

  private void attempt(String key) {
    var request = requests.getStore().getByKey(key);
    if (request == null || new PodCertificate(request).isDecided()) {
      failures.remove(key);
    } else if (!workers.isShutdown() && inWork.add(key)) {
      workers.execute(() -> work(key, new PodCertificate(request).workload()));
    }
  }

  private void work(String key, String workload) {
    var lane = lanes.of(workload);
    try {
      lane.acquire();
      try {
        slots.acquire();
        try {
          settle(key);
        } finally {
          slots.release();
        }
      } finally {
        lane.release();
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
