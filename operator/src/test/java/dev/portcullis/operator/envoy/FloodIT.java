package dev.portcullis.operator.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.portcullis.operator.envoytest.Gate;
import dev.portcullis.operator.envoytest.HttpText;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.intent.AccessLog;
import dev.portcullis.operator.intent.BackendKey;
import dev.portcullis.operator.intent.Shadow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Under a flood of refusals the log stays small, and the counters stay exact. */
class FloodIT {

  private static final int LINES = AccessLog.DEFAULT.linesPerSecond();
  private static final int FLOOD = 50_000;
  private static final int SHADOWED = 2_000;
  private static final Duration TIMEOUT = Duration.ofSeconds(15);
  private static final int CONNECTIONS = 8;
  private static final int WORKERS = 2;
  private static final BackendKey POLICY = new BackendKey("shop", "orders");
  private static final Duration SOON = Duration.ofSeconds(20);

  @Test
  void fiftyThousandRefusalsAreFewLinesAndAllCounted() throws Exception {
    try (var gate = Gate.open(Intents.NONE)) {
      var id = DenialId.ofPolicy(Denial.PATH, POLICY).toString();
      // What was asked before the routes were there was refused as well.
      var before = counted(gate, id);
      var begin = System.nanoTime();
      flood(gate);
      var seconds = Duration.ofNanos(System.nanoTime() - begin).toSeconds() + 2;

      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(counted(gate, id)).isEqualTo(before + FLOOD));
      var lines = gate.envoy().accessLog().stream().map(FloodIT::json).toList();
      assertThat(lines)
          .hasSizeBetween(LINES, (int) seconds * WORKERS * LINES)
          .allSatisfy(line -> assertThat(line.path("denial").asText()).isEqualTo(id));

      // What comes after it tells what is missing, on each worker thread.
      var more = new AtomicInteger();
      await()
          .atMost(SOON)
          .until(() -> toldAfterOneMore(gate) >= before + FLOOD + more.getAndIncrement());
    }
  }

  @Test
  void whatTheCodecAndTheApplicationRefuseIsBoundedToo() throws Exception {
    try (var gate = Gate.open(Intents.NONE);
        var edge = gate.as(Intents.EDGE).connect()) {
      gate.application().answerWith(500);
      for (var sent = 0; sent < 500; sent++) {
        assertThat(edge.get("/files/a").status()).isEqualTo(500);
      }
      for (var sent = 0; sent < 100; sent++) {
        gate.as(Intents.EDGE).send(HttpText.get("/files/a").header("a_b: c"));
      }

      gate.logged("\"leftOut\"");
      assertThat(gate.envoy().accessLog()).hasSizeLessThan(500);
    }
  }

  /** What would have been refused is answered otherwise, and counted by its rule. */
  @Test
  void whatWouldHaveBeenRefusedIsBoundedToo() throws Exception {
    var shadow = new Shadow.OfPolicy(List.of("orders", "read-order", "files"), TIMEOUT);
    try (var gate = Gate.open(Intents.shadow(shadow));
        var batch = gate.as(Intents.BATCH).connect()) {
      var before = shadowed(gate);
      var begin = System.nanoTime();
      for (var sent = 0; sent < SHADOWED; sent++) {
        assertThat(batch.get("/files/a").status()).isEqualTo(200);
      }
      var seconds = Duration.ofNanos(System.nanoTime() - begin).toSeconds() + 2;

      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(shadowed(gate)).isEqualTo(before + SHADOWED));
      assertThat(shadowLines(gate)).hasSizeBetween(LINES, (int) seconds * LINES);

      // The next second's first line tells of those that are missing.
      var sent = new AtomicInteger(SHADOWED);
      await()
          .atMost(SOON)
          .until(
              () -> {
                batch.get("/files/a");
                sent.incrementAndGet();
                return told(shadowLines(gate)) == sent.get();
              });
    }
  }

  private static List<String> shadowLines(Gate gate) {
    return gate.envoy().accessLog().stream()
        .filter(line -> line.contains("\"event\":\"shadow\"") && line.contains("callers"))
        .toList();
  }

  private static void flood(Gate gate) throws InterruptedException, ExecutionException {
    try (var threads = Executors.newFixedThreadPool(CONNECTIONS)) {
      Callable<Void> share =
          () -> {
            try (var edge = gate.as(Intents.EDGE).connect()) {
              for (var sent = 0; sent < FLOOD / CONNECTIONS; sent++) {
                assertThat(edge.get("/unknown").status()).isEqualTo(404);
              }
            }
            return null;
          };
      List<Future<Void>> all =
          IntStream.range(0, CONNECTIONS).mapToObj(each -> threads.submit(share)).toList();
      for (var each : all) {
        each.get();
      }
    }
  }

  /** Lines and what they say is missing, after one refusal more, which may not be there yet. */
  private static long toldAfterOneMore(Gate gate) throws IOException {
    gate.as(Intents.BATCH).get("/files/a");
    return told(gate.envoy().accessLog());
  }

  /** Those lines, and the ones of which they say that they are not there. */
  private static long told(List<String> lines) {
    return lines.stream()
        .map(FloodIT::json)
        .mapToLong(line -> 1 + line.path("leftOut").asLong())
        .sum();
  }

  private static long shadowed(Gate gate) {
    return sum(gate, "envoy_portcullis_shadow_requests{rule=\"callers\",");
  }

  private static long counted(Gate gate, String id) {
    return sum(gate, "envoy_portcullis_denials{denial=\"%s\",".formatted(id));
  }

  private static long sum(Gate gate, String line) {
    return gate.envoy()
        .get("/stats/prometheus")
        .lines()
        .filter(each -> each.startsWith(line))
        .mapToLong(each -> Long.parseLong(each.substring(each.lastIndexOf(' ') + 1)))
        .sum();
  }

  private static JsonNode json(String line) {
    try {
      return new JsonMapper().readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
