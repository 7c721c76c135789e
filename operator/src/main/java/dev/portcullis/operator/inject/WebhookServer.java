package dev.portcullis.operator.inject;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509ExtendedKeyManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port that the API server asks before it lets a pod in: HTTPS, TLS 1.3 only, {@code POST
 * /inject}. Each handshake takes the newest key of the key manager.
 */
public final class WebhookServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(WebhookServer.class);
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final int IDLE_SECONDS = 90;
  private static final int EVENT_LOOPS = 2;
  private static final int WORKERS = 4;

  private final int port;
  private final X509ExtendedKeyManager keys;
  private final Injector injector;
  private final Admission admission;
  private Optional<CompletableFuture<Void>> rehearsal = Optional.empty();
  private volatile Optional<Listening> listening = Optional.empty();

  private record Listening(Vertx vertx, HttpServer server, OpenConnections connections) {}

  /**
   * Opens nothing yet.
   *
   * @param port 0 for any that is free
   */
  public WebhookServer(
      int port, X509ExtendedKeyManager keys, Injector injector, MeterRegistry registry) {
    this.port = port;
    this.keys = keys;
    this.injector = injector;
    this.admission = new Admission(injector, registry);
  }

  /** Begins what the first answers need, while the caller waits for something else. */
  public void warmUp() {
    rehearsal =
        Optional.of(
            CompletableFuture.runAsync(
                () -> Rehearsal.of(injector), Thread.ofPlatform().name("rehearsal")::start));
  }

  /**
   * Returns when the port is open and the first answer will be a quick one.
   *
   * @throws IllegalStateException if it cannot be opened
   */
  public void start() {
    if (rehearsal.isEmpty()) {
      warmUp();
    }
    rehearsal.orElseThrow().join();
    var vertx = Vertx.vertx(vertxOptions());
    var connections = new OpenConnections();
    var server =
        vertx
            .createHttpServer(serverOptions())
            .connectionHandler(connections::opened)
            .requestHandler(request -> new AdmissionCall(vertx, admission, request).begin());
    try {
      server.listen().toCompletionStage().toCompletableFuture().join();
    } catch (CompletionException closed) {
      vertx.close();
      throw new IllegalStateException("port " + port + " cannot be opened", closed.getCause());
    }
    listening = Optional.of(new Listening(vertx, server, connections));
    LOG.info("Pods are injected on port {}", server.actualPort());
  }

  /** Empty while it is closed. */
  public Optional<Integer> port() {
    return listening.map(open -> open.server.actualPort());
  }

  /** Answers what it has begun with, then closes; harmless if it never started. */
  @Override
  public void close() {
    listening.ifPresent(
        open -> {
          open.connections.drain(PATIENCE);
          ended(open.server.close());
          ended(open.vertx.close());
        });
    listening = Optional.empty();
  }

  private static void ended(Future<Void> closing) {
    closing
        .otherwiseEmpty()
        .toCompletionStage()
        .toCompletableFuture()
        .completeOnTimeout(null, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }

  private HttpServerOptions serverOptions() {
    return new HttpServerOptions()
        .setPort(port)
        .setSsl(true)
        .setUseAlpn(true)
        .setSslEngineOptions(new WebhookTls())
        .setEnabledSecureTransportProtocols(Set.of("TLSv1.3"))
        .setKeyCertOptions(KeyCertOptions.wrap(keys))
        .setIdleTimeout(IDLE_SECONDS)
        .setIdleTimeoutUnit(TimeUnit.SECONDS);
  }

  private static VertxOptions vertxOptions() {
    return new VertxOptions()
        .setEventLoopPoolSize(EVENT_LOOPS)
        .setWorkerPoolSize(WORKERS)
        .setFileSystemOptions(
            new FileSystemOptions()
                .setFileCachingEnabled(false)
                .setClassPathResolvingEnabled(false));
  }
}
