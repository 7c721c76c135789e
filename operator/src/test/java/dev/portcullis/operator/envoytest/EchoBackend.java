package dev.portcullis.operator.envoytest;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** The application behind: answers 200 or as told, tells its software, records what reached it. */
public final class EchoBackend implements AutoCloseable {

  public static final String HEALTH = "/healthz";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Seen> seen = new CopyOnWriteArrayList<>();
  private final AtomicInteger health = new AtomicInteger(200);
  private volatile CountDownLatch held = new CountDownLatch(0);
  private final Map<String, String> more = new ConcurrentHashMap<>();
  private final AtomicInteger status = new AtomicInteger(200);
  private final AtomicInteger healthChecks = new AtomicInteger();

  /** One request as the application saw it; header names in lower case. */
  public record Seen(
      String method, String path, Map<String, List<String>> headers, long bodyBytes) {

    /** The only value of a header. */
    public String header(String name) {
      var values = headers.getOrDefault(name, List.of());
      if (values.size() != 1) {
        throw new AssertionError(name + " came " + values.size() + " times: " + values);
      }
      return values.getFirst();
    }
  }

  private EchoBackend(HttpServer server) {
    this.server = server;
  }

  public static EchoBackend start() {
    try {
      var server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 128);
      var backend = new EchoBackend(server);
      server.createContext("/", backend::answer);
      server.createContext(HEALTH, backend::answerHealth);
      server.setExecutor(backend.threads);
      server.start();
      return backend;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /** Every request that reached the application, health checks left out. */
  public List<Seen> seen() {
    return List.copyOf(seen);
  }

  public Seen last() {
    return seen.getLast();
  }

  public void forget() {
    seen.clear();
  }

  /** Status of every answer from now on. */
  public void answerWith(int newStatus) {
    status.set(newStatus);
  }

  /** A header of every answer from now on. */
  public void addToAnswers(String header, String value) {
    more.put(header, value);
  }

  /** Status that the health check gets from now on. */
  public void health(int status) {
    healthChecks.set(0);
    health.set(status);
  }

  /** Health checks answered since {@link #health} was last set. */
  public int healthChecks() {
    return healthChecks.get();
  }

  /** From now on every answer waits for {@link #release}. */
  public void hold() {
    held = new CountDownLatch(1);
  }

  public void release() {
    held.countDown();
  }

  private void answerHealth(HttpExchange exchange) throws IOException {
    healthChecks.incrementAndGet();
    exchange.sendResponseHeaders(health.get(), -1);
    exchange.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var headers = new TreeMap<String, List<String>>();
      exchange
          .getRequestHeaders()
          .forEach(
              (name, values) -> headers.put(name.toLowerCase(Locale.ROOT), List.copyOf(values)));
      var body = exchange.getRequestBody().readAllBytes();
      seen.add(
          new Seen(
              exchange.getRequestMethod(),
              exchange.getRequestURI().toString(),
              headers,
              body.length));
      awaitRelease();
      exchange.getResponseHeaders().add("Server", "Echo/1.0");
      exchange.getResponseHeaders().add("X-Powered-By", "JDK");
      exchange.getResponseHeaders().add("X-Frame-Options", "ALLOWALL");
      exchange.getResponseHeaders().add("X-Portcullis-Denial", "callers-bbbbbbbb");
      more.forEach(exchange.getResponseHeaders()::add);
      var answer = "echo".getBytes(java.nio.charset.StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status.get(), answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  private void awaitRelease() {
    try {
      held.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    release();
    server.stop(0);
    threads.shutdownNow();
  }
}
