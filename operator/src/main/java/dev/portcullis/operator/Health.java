package dev.portcullis.operator;

import dev.portcullis.operator.inject.WebhookServer;
import dev.portcullis.operator.watch.certificates.CertificateService;
import dev.portcullis.operator.watch.cluster.ClusterCache;
import dev.portcullis.operator.watch.cluster.InformerWatch;
import dev.portcullis.operator.watch.delivery.FastPath;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What this replica says of itself. An empty list is good news. */
public final class Health {

  /** A round takes milliseconds; nothing in it waits. */
  private static final Duration STUCK = Duration.ofSeconds(30);

  private enum Phase {
    STARTING,
    STARTED,
    STOPPING
  }

  /** Whom it asks. */
  record Parts(
      ClusterCache cluster,
      FastPath fastPath,
      InformerWatch informers,
      CertificateService certificates,
      WebhookServer webhook) {}

  private final Parts parts;
  private volatile Phase phase = Phase.STARTING;

  Health(Parts parts) {
    this.parts = parts;
  }

  /** What only a restart can cure. */
  public List<String> fatal() {
    var fatal = new ArrayList<String>();
    if (phase == Phase.STARTED && !parts.fastPath().isAlive()) {
      fatal.add("the translator thread has ended");
    }
    if (parts.fastPath().busyFor().compareTo(STUCK) > 0) {
      fatal.add(
          "the translator is stuck on one policy for "
              + parts.fastPath().busyFor().toSeconds()
              + " s");
    }
    parts.informers().dead().stream()
        .map(name -> "the informer of " + name + " is dead")
        .forEach(fatal::add);
    return fatal;
  }

  /** Why sidecars, the API server and the kubelet should ask another replica for now. */
  public List<String> unready() {
    var unready = new ArrayList<String>();
    switch (phase) {
      case STARTING -> unready.add("starting; the CA is " + parts.certificates().state().name());
      case STOPPING -> unready.add("stopping");
      case STARTED -> {
        if (!parts.certificates().canServe()) {
          unready.add("no valid certificate; the CA is " + parts.certificates().state().name());
        }
        if (!parts.cluster().hasSynced()) {
          unready.add("the informers have not synced");
        }
        if (parts.webhook().port().isEmpty()) {
          unready.add("the webhook's port is closed");
        }
      }
    }
    return unready;
  }

  public boolean hasStarted() {
    return phase != Phase.STARTING;
  }

  void started() {
    phase = Phase.STARTED;
  }

  void stopping() {
    phase = Phase.STOPPING;
  }
}
