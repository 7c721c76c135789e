package dev.portcullis.operator;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ties the operator to the life of the Quarkus application. */
@ApplicationScoped
class Process {

  private static final Logger LOG = LoggerFactory.getLogger(Process.class);

  private final Portcullis portcullis;
  private volatile Optional<RuntimeException> failure = Optional.empty();

  Process(Portcullis portcullis) {
    this.portcullis = portcullis;
  }

  /** In the background: the health endpoints open only once this has returned. */
  void onStart(@Observes StartupEvent event) {
    Thread.ofPlatform().name("start").start(this::start);
  }

  void onStop(@Observes ShutdownEvent event) {
    portcullis.close();
  }

  Health health() {
    return portcullis.health();
  }

  /** What only a restart can cure, a start that failed included. */
  List<String> fatal() {
    var fatal = new ArrayList<>(portcullis.health().fatal());
    failure.map(reason -> "the start failed: " + reason.getMessage()).ifPresent(fatal::add);
    return fatal;
  }

  private void start() {
    try {
      portcullis.start();
    } catch (RuntimeException broken) {
      LOG.error("The operator could not start", broken);
      failure = Optional.of(broken);
    }
  }
}
