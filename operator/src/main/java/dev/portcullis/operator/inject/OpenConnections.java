package dev.portcullis.operator.inject;

import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The connections of the API server, which keeps them open and sends many requests on each. */
final class OpenConnections {

  private final Set<HttpConnection> open = ConcurrentHashMap.newKeySet();
  private volatile CountDownLatch left = new CountDownLatch(0);

  void opened(HttpConnection connection) {
    open.add(connection);
    connection.closeHandler(
        closed -> {
          open.remove(connection);
          left.countDown();
        });
  }

  /** Takes no more requests on any of them; returns when those on their way are answered. */
  void drain(Duration patience) {
    var asked = Set.copyOf(open);
    left = new CountDownLatch(asked.size());
    asked.forEach(connection -> goAway(connection, patience));
    try {
      left.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void goAway(HttpConnection connection, Duration patience) {
    try {
      connection.shutdown(patience.toMillis());
    } catch (UnsupportedOperationException http1) {
      // It has no way to say so; the API server speaks HTTP/2.
      connection.close();
    }
  }
}
