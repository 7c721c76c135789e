package dev.portcullis.operator.watch.cluster;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.operator.names.Labels;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The informers of one replica. They retry for ever: an API server that is away comes back. */
public final class ClusterCache implements Cluster, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ClusterCache.class);

  /** Large lists come in pages, so that neither side holds one answer of many MB. */
  private static final long PAGE = 500;

  private final ViewStore<GenericKubernetesResource, ObservedPolicy> policies;
  private final ViewStore<Pod, ObservedPod> pods;
  private final ViewStore<Namespace, Boolean> injection;
  private final Map<String, SharedIndexInformer<?>> informers;

  /** Starts nothing yet. */
  public ClusterCache(KubernetesClient client) {
    var reader = new PolicyReader(client.getKubernetesSerialization());
    policies = new ViewStore<>(GenericKubernetesResource.class, reader::read);
    pods = new ViewStore<>(Pod.class, PodReader::read);
    injection = new ViewStore<>(Namespace.class, ClusterCache::optsIn);
    informers =
        Map.of(
            "policies",
            informer(
                client
                    .genericKubernetesResources(
                        ResourceDefinitionContext.fromResourceType(ApiBackendPolicy.class))
                    .inAnyNamespace(),
                policies),
            "pods",
            informer(client.pods().inAnyNamespace(), pods),
            "namespaces",
            informer(client.namespaces(), injection));
  }

  /** Completes when all that is in the cluster now can be read here. */
  public CompletionStage<Void> start() {
    return CompletableFuture.allOf(
        informers.values().stream()
            .map(informer -> informer.start().toCompletableFuture())
            .toArray(CompletableFuture[]::new));
  }

  @Override
  public Views<ObservedPolicy> policies() {
    return policies;
  }

  @Override
  public Views<ObservedPod> pods() {
    return pods;
  }

  @Override
  public boolean injects(String namespace) {
    return injection.get("", namespace).orElse(false);
  }

  @Override
  public List<String> injecting() {
    return injection.keySet().filter(this::injects).toList();
  }

  public boolean hasSynced() {
    return informers.values().stream().allMatch(SharedIndexInformer::hasSynced);
  }

  /** Informers that do not follow the cluster at this moment. */
  public List<String> deaf() {
    return informers.entrySet().stream()
        .filter(informer -> !informer.getValue().isWatching())
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  @Override
  public void close() {
    informers.values().forEach(SharedIndexInformer::close);
  }

  private static <T extends HasMetadata> SharedIndexInformer<T> informer(
      Informable<T> source, ItemStore<T> store) {
    return source
        .withLimit(PAGE)
        .runnableInformer(0)
        .removeNamespaceIndex()
        .itemStore(store)
        .exceptionHandler(
            (started, failure) -> {
              LOG.warn("An informer failed and tries again: {}", failure.getMessage());
              return true;
            });
  }

  private static Boolean optsIn(Namespace namespace) {
    return Optional.ofNullable(namespace.getMetadata().getLabels())
        .map(labels -> Labels.INJECT_ENABLED.equals(labels.get(Labels.INJECT)))
        .orElse(false);
  }
}
