package dev.portcullis.sample;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/**
 * An API that shows what reached it: answers every request with what it saw, writes a line per
 * request to standard output, and gives away its make in {@code Server} and {@code X-Powered-By} as
 * careless servers do.
 *
 * <p>{@code /healthz} fails while the file {@code /tmp/unhealthy} exists; {@code /status} never
 * does. Neither is told on standard output.
 */
public final class SampleApi {

  private static final Path UNHEALTHY = Path.of("/tmp/unhealthy");

  private SampleApi() {}

  /**
   * Serves until the process is ended.
   *
   * @param args the port, 8080 if absent, and the address to listen on, all of them if absent
   */
  public static void main(String[] args) throws IOException {
    var port = args.length > 0 ? Integer.parseInt(args[0]) : 8080;
    var address =
        args.length > 1 ? new InetSocketAddress(args[1], port) : new InetSocketAddress(port);
    var server = HttpServer.create(address, 1024);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", SampleApi::answer);
    server.createContext("/healthz", SampleApi::health);
    server.createContext("/status", exchange -> reply(exchange, 200, "{}"));
    server.start();
    System.out.println("listening on " + address);
  }

  private static void health(HttpExchange exchange) throws IOException {
    reply(exchange, Files.exists(UNHEALTHY) ? 503 : 200, "{}");
  }

  private static void answer(HttpExchange exchange) throws IOException {
    var bytes = exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
    System.out.println("request " + exchange.getRequestMethod() + " " + exchange.getRequestURI());
    reply(exchange, 200, seen(exchange, bytes));
  }

  private static String seen(HttpExchange exchange, long bytes) {
    var headers =
        new TreeMap<>(exchange.getRequestHeaders())
            .entrySet().stream()
                .map(e -> quote(e.getKey()) + ":" + quote(String.join(",", e.getValue())))
                .collect(Collectors.joining(",", "{", "}"));
    return "{\"pod\":%s,\"method\":%s,\"path\":%s,\"bodyBytes\":%d,\"headers\":%s}\n"
        .formatted(
            quote(System.getenv().getOrDefault("HOSTNAME", "")),
            quote(exchange.getRequestMethod()),
            quote(exchange.getRequestURI().toString()),
            bytes,
            headers);
  }

  private static String quote(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static void reply(HttpExchange exchange, int status, String body) throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    var headers = exchange.getResponseHeaders();
    headers.set("Content-Type", "application/json");
    headers.set("Server", "SampleServer/1.2.3");
    headers.set("X-Powered-By", "Sample/9");
    exchange.sendResponseHeaders(status, bytes.length);
    try (var out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }
}
