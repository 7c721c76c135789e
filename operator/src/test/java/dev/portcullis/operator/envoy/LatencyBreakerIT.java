package dev.portcullis.operator.envoy;

import static dev.portcullis.operator.envoytest.Intents.route;
import static dev.portcullis.operator.envoytest.Intents.withTimeout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portcullis.operator.envoytest.Gate;
import dev.portcullis.operator.envoytest.HttpConnection;
import dev.portcullis.operator.envoytest.HttpText;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.intent.Application.Breaker;
import dev.portcullis.operator.intent.PathMatch;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/**
 * An application that is too slow is left alone until it is quick again. A connection stays with
 * one worker thread, so one connection sees one breaker.
 */
class LatencyBreakerIT {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int ENOUGH = 20;

  /** The gate gives up on a request a little after it has become slow. */
  private static Intents.Change breaker(Duration open) {
    return Intents.routes(
            withTimeout(
                route("files", new PathMatch.Prefix("/files"), "GET", "PUT"),
                Duration.ofMillis(100)))
        .and(Intents.breaker(new Breaker(Duration.ofMillis(50), 95, open)));
  }

  @Test
  void whileItIsTooSlowNobodyAsksIt() throws IOException {
    try (var gate = Gate.open(breaker(Duration.ofHours(1)));
        var kept = gate.as(Intents.EDGE).connect()) {
      gate.application().hold();

      assertThat(open(kept)).isGreaterThanOrEqualTo(ENOUGH);

      var refused = kept.get("/files/refused");
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.header("retry-after")).contains("2");
      assertThat(refused.header("x-frame-options")).contains("DENY");
      assertThat(refused.body()).contains("\"status\":503");
      assertThat(gate.application().seen()).extracting("path").containsOnly("/files/a");
      gate.logged("\"code\":503", "\"breaker\":\"open\"", "\"route\":\"files\"");
      // What no application answers is none of its business.
      assertThat(kept.get("/unknown").status()).isEqualTo(404);
    }
  }

  @Test
  void slowAnswersToRequestsWithABodyOpenItToo() throws IOException {
    try (var gate = Gate.open(breaker(Duration.ofHours(1)));
        var kept = gate.as(Intents.EDGE).connect()) {
      gate.application().hold();
      var upload = HttpText.of("PUT", "/files/a").body(10);

      await().atMost(SOON).until(() -> kept.send(upload).status() == 503);

      gate.logged("\"code\":503", "\"breaker\":\"open\"");
      assertThat(gate.envoy().log()).doesNotContain("script log");
    }
  }

  @Test
  void afterAWhileOneRequestTriesWhetherItIsQuickAgain() throws IOException {
    try (var gate = Gate.open(breaker(Duration.ofSeconds(3)));
        var kept = gate.as(Intents.EDGE).connect()) {
      gate.application().hold();
      open(kept);

      // A probe that is slow keeps it open for as long again.
      await().atMost(SOON).until(() -> kept.get("/files/a").status() == 504);
      gate.logged("\"code\":504", "\"breaker\":\"probe\"");
      assertThat(kept.get("/files/a").status()).isEqualTo(503);

      gate.application().release();
      await().atMost(SOON).until(() -> kept.get("/files/a").status() == 200);
      assertThat(kept.get("/files/b").status()).isEqualTo(200);
    }
  }

  @Test
  void fewSlowAnswersOpenNothing() throws IOException {
    try (var gate = Gate.open(breaker(Duration.ofHours(1)));
        var kept = gate.as(Intents.EDGE).connect()) {
      gate.application().hold();
      for (var sent = 0; sent < ENOUGH - 1; sent++) {
        assertThat(kept.get("/files/a").status()).isEqualTo(504);
      }

      gate.application().release();
      assertThat(kept.get("/files/a").status()).isEqualTo(200);
    }
  }

  @Test
  void callersThatSendSlowlyDoNotMakeTheApplicationSlow() throws IOException {
    var change = Intents.breaker(new Breaker(Duration.ofSeconds(2), 50, Duration.ofHours(1)));
    try (var gate = Gate.open(change)) {
      var edge = gate.as(Intents.EDGE);
      var uploads = new ArrayList<HttpConnection>();
      for (var sent = 0; sent < 4 * ENOUGH; sent++) {
        var upload = edge.connect();
        upload.begin("PUT /files/a HTTP/1.1\r\nhost: orders\r\ncontent-length: 4\r\n\r\nab");
        uploads.add(upload);
      }
      var begun = System.nanoTime();
      await().atMost(SOON).until(() -> System.nanoTime() - begun > 2_500_000_000L);

      for (var upload : uploads) {
        assertThat(upload.sendUnfinished("cd").status()).isEqualTo(200);
        upload.close();
      }

      assertThat(edge.get("/files/a").status()).isEqualTo(200);
    }
  }

  /** Sends until the breaker has opened; tells how many waited for the application in vain. */
  private static int open(HttpConnection kept) throws IOException {
    var waited = 0;
    for (var status = kept.get("/files/a").status();
        status != 503;
        status = kept.get("/files/a").status()) {
      assertThat(status).isEqualTo(504);
      waited++;
      assertThat(waited).as("never opens").isLessThan(20 * ENOUGH);
    }
    return waited;
  }
}
