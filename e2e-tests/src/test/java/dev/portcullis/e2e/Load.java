package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

/** A steady load on a backend while something happens to it. */
final class Load {

  private static final Pattern SUMMARY =
      Pattern.compile("failed=(\\d+) statuses=\\{([^}]*)} connections=(\\d+) .*");

  /** How long a connection serves. */
  enum Connections {
    KEPT("20", "0"),
    /** Every request makes a handshake. */
    FRESH("5", "1");

    private final String rate;
    private final String requests;

    Connections(String rate, String requests) {
      this.rate = rate;
      this.requests = requests;
    }
  }

  private final Installation installation;
  private final String begun = "begun-" + UUID.randomUUID();
  private final String stopFile = "/tmp/stop-" + UUID.randomUUID();
  private final CompletableFuture<String> summary;

  private Load(Installation installation, Orders orders, Connections connections) {
    this.installation = installation;
    this.summary =
        CompletableFuture.supplyAsync(() -> drive(orders, connections), Thread::startVirtualThread);
  }

  /** Over four connections that are kept; returns when the first request has been answered. */
  static Load on(Installation installation, Orders orders) {
    return on(installation, orders, Connections.KEPT);
  }

  /** Returns when the first request has been answered. */
  static Load on(Installation installation, Orders orders, Connections connections) {
    var load = new Load(installation, orders, connections);
    await("the first answer of a load")
        .atMost(Duration.ofMinutes(2))
        .until(() -> load.hasBegun() || load.summary.isDone());
    assertThat(load.summary).isNotDone();
    return load;
  }

  private String drive(Orders orders, Connections connections) {
    return orders.call(
        "edge",
        "load",
        "--rate",
        connections.rate,
        "--connections",
        "4",
        "--per-connection",
        connections.requests,
        "--begun",
        "/tmp/" + begun,
        "--until",
        stopFile,
        "--seconds",
        "1500",
        "/api/v1/orders/7");
  }

  private boolean hasBegun() {
    return installation.user().exec("callers", "edge", "ls", "/tmp").contains(begun);
  }

  /** Ends the load and tells what became of it. */
  Outcome stop() {
    installation.user().exec("callers", "edge", "touch", stopFile);
    var line = summary.join().strip();
    var matcher = SUMMARY.matcher(line);
    assertThat(matcher.matches()).as(line).isTrue();
    return new Outcome(
        line,
        Integer.parseInt(matcher.group(1)),
        matcher.group(2),
        Integer.parseInt(matcher.group(3)));
  }

  /**
   * What became of a load.
   *
   * @param failed requests without an answer
   * @param statuses as {@code 200=123}
   * @param connections opened in all
   */
  record Outcome(String line, int failed, String statuses, int connections) {

    void assertNothingLost() {
      assertThat(failed).as(line).isZero();
      assertThat(statuses).as(line).matches("200=[1-9][0-9]+");
    }
  }
}
