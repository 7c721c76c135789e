package dev.portcullis.operator.watch.clients;

import dev.portcullis.api.v1alpha1.ApiClientCertificate;
import dev.portcullis.api.v1alpha1.ApiClientCertificateStatus;
import dev.portcullis.operator.identity.HeldLeaf;
import dev.portcullis.operator.status.ClientFacts;
import dev.portcullis.operator.status.ClientReport;
import dev.portcullis.operator.watch.certificates.Informers;
import dev.portcullis.operator.watch.report.EventRecorder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One term: looks at an object when it is written, at all of them when the CA changes, and at all
 * of them every period. One thread, so that no two looks meet.
 */
final class ClientLoop implements ResourceEventHandler<ApiClientCertificate>, AutoCloseable {

  /** Whether the API server, and our leadership, let the round go on. */
  private enum Answer {
    GIVEN,
    NONE
  }

  private static final Logger LOG = LoggerFactory.getLogger(ClientLoop.class);

  private static final Duration LAST_WRITES = Duration.ofSeconds(2);

  private final ClientCertificates.Parts parts;
  private final ClientMetrics metrics;
  private final SecretKeeper keeper;
  private final ClientEvents events;
  private final SharedIndexInformer<ApiClientCertificate> objects;
  private final AtomicBoolean roundIsDue = new AtomicBoolean();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("client-certificates").factory());

  ClientLoop(ClientCertificates.Parts parts, ClientMetrics metrics) {
    this.parts = parts;
    this.metrics = metrics;
    this.keeper = new SecretKeeper(parts);
    this.events =
        new ClientEvents(new EventRecorder(parts.client(), parts.instance(), parts.clock()));
    this.objects =
        parts.client().resources(ApiClientCertificate.class).inAnyNamespace().runnableInformer(0);
    objects.addEventHandler(this);
  }

  void start() {
    Informers.startForEver(objects, this::lookAtAll);
    long period = parts.period().toMillis();
    thread.scheduleWithFixedDelay(this::round, period, period, TimeUnit.MILLISECONDS);
  }

  /** Soon, once however often it is asked for meanwhile; from any thread. */
  void lookAtAll() {
    if (roundIsDue.compareAndSet(false, true)) {
      execute(this::round);
    }
  }

  /**
   * All that there are; empty while they are unknown. Where the kind is not served there are none.
   */
  Optional<Collection<ApiClientCertificate>> objects() {
    return objects.hasSynced() || !isServed()
        ? Optional.of(objects.getStore().list())
        : Optional.empty();
  }

  private boolean isServed() {
    var group = parts.client().getApiResources("portcullis.dev/v1alpha1");
    return group == null
        || group.getResources().stream()
            .anyMatch(resource -> resource.getKind().equals("ApiClientCertificate"));
  }

  @Override
  public void onAdd(ApiClientCertificate object) {
    execute(() -> attend(object.getMetadata().getUid()));
  }

  /** Our own writes of the status come back here too, and say nothing new. */
  @Override
  public void onUpdate(ApiClientCertificate before, ApiClientCertificate after) {
    if (!Objects.equals(
        before.getMetadata().getGeneration(), after.getMetadata().getGeneration())) {
      onAdd(after);
    }
  }

  @Override
  public void onDelete(ApiClientCertificate object, boolean deletedFinalStateUnknown) {
    execute(
        () -> {
          keeper.forget(object.getMetadata().getUid());
          metrics.forget(object);
        });
  }

  /** Lets a write that is under way come to its end. */
  @Override
  public void close() {
    objects.close();
    thread.shutdown();
    try {
      if (!thread.awaitTermination(LAST_WRITES.toMillis(), TimeUnit.MILLISECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      thread.shutdownNow();
    }
  }

  private void execute(Runnable look) {
    try {
      thread.execute(look);
    } catch (RejectedExecutionException over) {
      LOG.debug("the term is over");
    }
  }

  private void round() {
    roundIsDue.set(false);
    for (var object : objects.getStore().list()) {
      if (attend(object) == Answer.NONE) {
        return;
      }
    }
  }

  /** Looks at the newest version that the watch has brought, however old the event was. */
  private void attend(String uid) {
    objects.getStore().list().stream()
        .filter(object -> object.getMetadata().getUid().equals(uid))
        .forEach(this::attend);
  }

  private Answer attend(ApiClientCertificate object) {
    if (!parts.leads().getAsBoolean()) {
      return Answer.NONE;
    }
    try {
      return object.isMarkedForDeletion() ? Answer.GIVEN : report(object, keeper.look(object));
    } catch (KubernetesClientException e) {
      LOG.warn("{}: {}", object.getFullResourceName(), e.getMessage());
      return e.getCode() == 0 ? Answer.NONE : Answer.GIVEN;
    } catch (RuntimeException e) {
      LOG.error("{} could not be attended to", object.getMetadata().getName(), e);
      return Answer.GIVEN;
    }
  }

  private Answer report(ApiClientCertificate object, Outcome outcome) {
    if (outcome instanceof Outcome.Unanswered(String message)) {
      LOG.warn("client certificates wait for the API server: {}", message);
      return Answer.NONE;
    }
    metrics.saw(object, outcome);
    events.tell(object, outcome);
    var status = ClientReport.of(facts(object, outcome), object.getStatus(), now());
    if (!status.equals(object.getStatus())) {
      write(object, status);
    }
    return Answer.GIVEN;
  }

  private void write(ApiClientCertificate object, ApiClientCertificateStatus status) {
    try {
      var updated = parts.client().getKubernetesSerialization().clone(object);
      updated.setStatus(status);
      parts.client().resource(updated).updateStatus();
      events.tellChanges(object, object.getStatus(), status);
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT
          && e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
      LOG.debug("the object has changed since it was looked at");
    }
  }

  private ClientFacts facts(ApiClientCertificate object, Outcome outcome) {
    return new ClientFacts(
        object.getMetadata().getGeneration(),
        object.getSpec().secretName(),
        ClientWish.of(object, parts.settings()).spiffeId(),
        outcome.held().map(this::certificate),
        outcome instanceof Outcome.Withheld(var usable, var hindrance, String message)
            ? Optional.of(new ClientFacts.Withheld(hindrance.name(), message))
            : Optional.empty());
  }

  private ClientFacts.Certificate certificate(HeldLeaf leaf) {
    return new ClientFacts.Certificate(
        leaf.notBefore(),
        leaf.notAfter(),
        leaf.renewal(parts.settings().leafRenewal()),
        leaf.serialNumber(),
        leaf.fingerprint());
  }

  private Instant now() {
    return parts.clock().instant();
  }
}
