package dev.portcullis.operator.envoytest;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An application that answers as quickly as it can, and remembers nothing. */
public final class QuietBackend implements AutoCloseable {

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private QuietBackend(HttpServer server) {
    this.server = server;
  }

  public static QuietBackend start() {
    try {
      var server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 128);
      var answer = "{\"state\":\"shipped\"}".getBytes(StandardCharsets.UTF_8);
      server.createContext(
          "/",
          exchange -> {
            try (exchange) {
              exchange.sendResponseHeaders(200, answer.length);
              exchange.getResponseBody().write(answer);
            }
          });
      var backend = new QuietBackend(server);
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

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
