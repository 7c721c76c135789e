package dev.portcullis.bootstrap.command;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** The application of a pod: it listens on every address, as most do. */
final class AppProcess {

  static final int HTTP = 8080;
  static final int HTTPS = 8081;
  static final int TCP = 5432;
  static final int GRPC = 9000;

  private AppProcess() {}

  public static void main(String[] arguments) throws Exception {
    var http = HttpServer.create(new InetSocketAddress(HTTP), 0);
    http.createContext("/", AppProcess::answer);
    http.start();
    https();
    var health = new HealthStatusManager();
    health.setStatus("shop.Orders", ServingStatus.SERVING);
    health.setStatus("shop.Broken", ServingStatus.NOT_SERVING);
    NettyServerBuilder.forPort(GRPC).addService(health.getHealthService()).build().start();
    try (var tcp = new ServerSocket(TCP)) {
      while (true) {
        tcp.accept().close();
      }
    }
  }

  private static void https() throws Exception {
    var factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(TestPki.create().issue("spiffe://elsewhere/app").keyStore(), new char[0]);
    var context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    var server = HttpsServer.create(new InetSocketAddress(HTTPS), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.createContext("/", AppProcess::answer);
    server.start();
  }

  private static void answer(HttpExchange exchange) throws IOException {
    var target = exchange.getRequestURI().toString();
    var status =
        switch (target) {
          case "/healthz?full=1" -> 200;
          case "/moved" -> 302;
          case "/broken" -> 500;
          default -> target.startsWith("/healthz") ? 400 : 200;
        };
    exchange.getResponseHeaders().set("X-Powered-By", "secret");
    exchange.getResponseHeaders().set("Location", "/elsewhere");
    var body = ("app " + target).getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, body.length);
    try (var out = exchange.getResponseBody()) {
      out.write(body);
    }
  }
}
