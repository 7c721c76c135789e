package dev.portcullis.operator.watch.documents;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.operator.intent.BackendKey;
import dev.portcullis.operator.resolve.DocumentReferences;
import dev.portcullis.operator.resolve.DocumentReferences.File;
import dev.portcullis.operator.watch.cluster.ObservedPolicy;
import dev.portcullis.operator.watch.cluster.Views;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the ConfigMaps that policies refer to, for as long as one does. Documents are read by one
 * thread of its own, so that a large one keeps nobody's translation waiting.
 */
public final class WatchedDocuments implements Documents, AutoCloseable {

  /** How long the end of a refusal may go unseen. */
  private static final Duration LOOK = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(WatchedDocuments.class);

  /** As last read; the same ConfigMap is not read twice. */
  private record Looked(MapReading map, Known known) {}

  private final KubernetesClient client;
  private final Views<ObservedPolicy> policies;
  private final Map<File, Looked> looked = new ConcurrentHashMap<>();
  private final List<Consumer<BackendKey>> listeners = new CopyOnWriteArrayList<>();
  // Touched by the thread alone.
  private final Map<BackendKey, File> files = new HashMap<>();
  private final Map<MapWatch.Name, MapWatch> watches = new HashMap<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("documents").factory());

  public WatchedDocuments(KubernetesClient client, Views<ObservedPolicy> policies) {
    this.client = client;
    this.policies = policies;
  }

  /** Returns at once; policies hear of their documents as they are read. */
  public void start() {
    policies.onChange(
        (before, after) ->
            before.or(() -> after).map(ObservedPolicy::key).ifPresent(this::policyChanged));
    policies.all().forEach(policy -> policyChanged(policy.key()));
    thread.scheduleWithFixedDelay(
        () -> guarded(() -> watches.values().forEach(MapWatch::look)),
        LOOK.toMillis(),
        LOOK.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  @Override
  public Known of(ApiBackendPolicy policy) {
    var file = DocumentReferences.of(policy);
    if (file.isEmpty()) {
      return new Known.Now(Optional.empty());
    }
    var known = looked.get(file.get());
    return known == null ? new Known.NotYet() : known.known();
  }

  @Override
  public void onChange(Consumer<BackendKey> listener) {
    listeners.add(listener);
  }

  @Override
  public void close() {
    onThread(() -> watches.values().forEach(MapWatch::close));
    thread.shutdown();
  }

  private void policyChanged(BackendKey policy) {
    onThread(() -> follow(policy));
  }

  /** By what the policy says now, however many changes ago it began to. */
  private void follow(BackendKey policy) {
    var wanted =
        policies
            .get(policy.namespace(), policy.name())
            .flatMap(ObservedPolicy::legible)
            .flatMap(DocumentReferences::of);
    var before = Optional.ofNullable(files.get(policy));
    if (wanted.equals(before)) {
      return;
    }
    wanted.ifPresentOrElse(file -> files.put(policy, file), () -> files.remove(policy));
    wanted.ifPresent(file -> watch(policy, file));
    before.ifPresent(this::release);
  }

  private void watch(BackendKey policy, File file) {
    var name = new MapWatch.Name(file.namespace(), file.configMap());
    var watch = watches.get(name);
    if (watch == null) {
      watches.put(name, MapWatch.begin(client, name, this::onThread, map -> saw(name, map)));
    } else {
      watch.last().ifPresent(map -> read(file, map));
      tell(policy);
    }
  }

  private void release(File file) {
    if (!files.containsValue(file)) {
      looked.remove(file);
    }
    var name = new MapWatch.Name(file.namespace(), file.configMap());
    if (files.values().stream().noneMatch(name::holds)) {
      Optional.ofNullable(watches.remove(name)).ifPresent(MapWatch::close);
    }
  }

  private void saw(MapWatch.Name name, MapReading map) {
    var changed =
        files.values().stream()
            .distinct()
            .filter(name::holds)
            .filter(file -> read(file, map))
            .toList();
    files.forEach(
        (policy, file) -> {
          if (changed.contains(file)) {
            tell(policy);
          }
        });
  }

  /** Whether it is another document now. */
  private boolean read(File file, MapReading map) {
    var before = looked.get(file);
    if (before != null && before.map().equals(map)) {
      return false;
    }
    var known = map.of(file);
    looked.put(file, new Looked(map, known));
    return before == null || !before.known().equals(known);
  }

  private void tell(BackendKey policy) {
    listeners.forEach(listener -> listener.accept(policy));
  }

  private void onThread(Runnable work) {
    if (!thread.isShutdown()) {
      thread.execute(() -> guarded(work));
    }
  }

  private static void guarded(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      LOG.error("Documents could not be looked at", e);
    }
  }
}
