package dev.portcullis.operator.whole;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/** An application that takes its time to answer, on its usual port. */
final class SlowAnswers {

  private static final int PORT = 8080;
  private static final long MILLIS = 60;

  /** Arguments: the text of every answer. */
  public static void main(String[] arguments) throws IOException {
    var text = arguments[0].getBytes(StandardCharsets.UTF_8);
    var server = HttpServer.create(new InetSocketAddress("127.0.0.1", PORT), 128);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            pause();
            exchange.sendResponseHeaders(200, text.length);
            exchange.getResponseBody().write(text);
          }
        });
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
    System.out.println("port " + PORT);
  }

  private static void pause() {
    try {
      Thread.sleep(MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private SlowAnswers() {}
}
