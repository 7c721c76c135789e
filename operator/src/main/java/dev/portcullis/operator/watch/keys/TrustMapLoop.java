package dev.portcullis.operator.watch.keys;

import dev.portcullis.bootstrap.contract.KeyDelivery;
import dev.portcullis.operator.identity.TrustBundle;
import dev.portcullis.operator.identity.rotation.Straggler;
import dev.portcullis.operator.names.Names;
import dev.portcullis.operator.watch.certificates.BundlePlace;
import dev.portcullis.operator.watch.certificates.Informers;
import dev.portcullis.operator.watch.certificates.PublishedBundle;
import dev.portcullis.operator.watch.cluster.ObservedPod;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.net.HttpURLConnection;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One leadership's care for the ConfigMaps. */
final class TrustMapLoop implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TrustMapLoop.class);
  private static final Duration PERIOD = Duration.ofSeconds(1);

  /** However fast somebody else rewrites one, we write the same no faster. */
  private static final Duration BETWEEN_WRITES = Duration.ofSeconds(10);

  private final TrustMaps.Parts parts;
  private final SharedIndexInformer<GenericKubernetesResource> maps;
  private final Map<String, Written> written = new HashMap<>();
  private final Map<String, Held> held = new ConcurrentHashMap<>();
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("trust-maps").factory());

  private record Written(TrustBundle roots, Instant at) {}

  /** Since when a namespace's ConfigMap is known to hold a root. */
  private record Held(X509Certificate root, Instant since) {}

  TrustMapLoop(TrustMaps.Parts parts) {
    this.parts = parts;
    this.maps =
        parts
            .client()
            .genericKubernetesResources(BundlePlace.OfNamespace.API)
            .inAnyNamespace()
            .withField("metadata.name", Names.TRUST_CONFIG_MAP)
            .runnableInformer(0);
  }

  void start() {
    Informers.startForEver(maps, this::lookSoon);
    executor.scheduleWithFixedDelay(this::look, 0, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** May be called from any thread, also after the end. */
  void lookSoon() {
    if (!executor.isShutdown()) {
      executor.execute(this::look);
    }
  }

  private void look() {
    if (!maps.hasSynced()) {
      return;
    }
    try {
      parts.certificates().trustBundle().ifPresent(roots -> wanted().forEach(n -> keep(n, roots)));
    } catch (RuntimeException e) {
      LOG.error("the roots could not be brought to the namespaces", e);
    }
  }

  /** Our own, and where pods are injected that need it, or were. */
  private SortedSet<String> wanted() {
    var namespaces = new TreeSet<String>();
    namespaces.add(parts.namespace());
    if (parts.certificates().delivery() == KeyDelivery.STREAM) {
      namespaces.addAll(parts.cluster().injecting());
    }
    parts.cluster().pods().all().stream()
        .filter(TrustMapLoop::isStreamed)
        .map(ObservedPod::namespace)
        .forEach(namespaces::add);
    if (parts.certificates().publishedIn().equals(placeIn(parts.namespace()))) {
      namespaces.remove(parts.namespace());
    }
    return namespaces;
  }

  private static boolean isStreamed(ObservedPod pod) {
    return pod.sidecar().filter(sidecar -> sidecar.keys() == KeyDelivery.STREAM).isPresent();
  }

  private void keep(String namespace, TrustBundle roots) {
    var before = written.get(namespace);
    var now = parts.clock().instant();
    if (before != null
        && before.roots.equals(roots)
        && now.isBefore(before.at.plus(BETWEEN_WRITES))) {
      return;
    }
    try {
      if (bundleIn(namespace).publish(roots, found(namespace))) {
        written.put(namespace, new Written(roots, now));
      }
    } catch (KubernetesClientException e) {
      afterFailure(namespace, e);
    }
  }

  /** A namespace that ends takes no ConfigMap; a watch that is behind, or a rival, is no news. */
  private static void afterFailure(String namespace, KubernetesClientException e) {
    if (e.getCode() == HttpURLConnection.HTTP_CONFLICT
        || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
      LOG.debug("{} is tried again: {}", placeIn(namespace).title(), e.getMessage());
    } else {
      LOG.warn("{} could not be written: {}", placeIn(namespace).title(), e.getMessage());
    }
  }

  /** The namespaces whose pods may not know this root yet. */
  List<Straggler> yetToHold(X509Certificate root) {
    var late = new ArrayList<Straggler>();
    var wanted = wanted();
    held.keySet().retainAll(wanted);
    for (var namespace : wanted) {
      doubt(namespace, root)
          .map(why -> new Straggler(placeIn(namespace).title(), why))
          .ifPresent(late::add);
    }
    return late;
  }

  private Optional<String> doubt(String namespace, X509Certificate root) {
    if (found(namespace).map(bundleIn(namespace)::rootsOf).stream()
        .noneMatch(roots -> roots.roots().contains(root))) {
      held.remove(namespace);
      return Optional.of("It does not hold the new root yet.");
    }
    var now = parts.clock().instant();
    var since =
        held.merge(
            namespace, new Held(root, now), (old, fresh) -> old.root.equals(root) ? old : fresh);
    return now.isBefore(since.since.plus(parts.spread()))
        ? Optional.of("The kubelets may not have brought its new root to the pods yet.")
        : Optional.empty();
  }

  private Optional<GenericKubernetesResource> found(String namespace) {
    return Optional.ofNullable(maps.getStore().getByKey(namespace + "/" + Names.TRUST_CONFIG_MAP));
  }

  private PublishedBundle bundleIn(String namespace) {
    return new PublishedBundle(parts.client(), placeIn(namespace));
  }

  private static BundlePlace placeIn(String namespace) {
    return new BundlePlace.OfNamespace(namespace);
  }

  @Override
  public void close() {
    executor.shutdownNow();
    maps.close();
  }
}
