package dev.portcullis.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ties the operator to the life of the Quarkus application. */
@ApplicationScoped
class Process {

  private static final Logger LOG = LoggerFactory.getLogger(Process.class);
  private static final long RETRY_SECONDS = 2;

  private final OperatorConfig config;
  private final KubernetesClient client;
  private final MeterRegistry registry;
  private final Thread starter = Thread.ofPlatform().name("start").unstarted(this::start);
  private volatile Optional<Portcullis> portcullis = Optional.empty();
  private volatile Optional<Exception> failure = Optional.empty();

  Process(OperatorConfig config, KubernetesClient client, MeterRegistry registry) {
    this.config = config;
    this.client = client;
    this.registry = registry;
  }

  /** In the background: the health endpoints open only once this has returned. */
  void onStart(@Observes StartupEvent event) {
    starter.start();
  }

  void onStop(@Observes ShutdownEvent event) throws InterruptedException {
    starter.interrupt();
    starter.join(TimeUnit.SECONDS.toMillis(RETRY_SECONDS));
    portcullis.ifPresent(Portcullis::close);
  }

  boolean hasStarted() {
    return portcullis.map(Portcullis::health).filter(Health::hasStarted).isPresent();
  }

  /** What only a restart can cure. */
  List<String> fatal() {
    return failure
        .map(reason -> List.of("the start failed: " + reason))
        .or(() -> portcullis.map(running -> running.health().fatal()))
        .orElse(List.of());
  }

  List<String> unready() {
    return portcullis
        .map(running -> running.health().unready())
        .orElse(List.of("the API server did not answer yet"));
  }

  private void start() {
    try {
      var created = create();
      portcullis = Optional.of(created);
      created.start();
    } catch (InterruptedException stopped) {
      LOG.info("Stopped while starting");
    } catch (RuntimeException broken) {
      LOG.error("The operator could not start", broken);
      failure = Optional.of(broken);
    }
  }

  private Portcullis create() throws InterruptedException {
    while (true) {
      try {
        return new Portcullis(config, client, registry);
      } catch (KubernetesClientException away) {
        LOG.warn("The API server does not answer, trying again: {}", away.getMessage());
        TimeUnit.SECONDS.sleep(RETRY_SECONDS);
      }
    }
  }
}
