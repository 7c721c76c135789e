package dev.portcullis.operator.resolve;

import static dev.portcullis.operator.envoytest.Intents.route;
import static dev.portcullis.operator.envoytest.Intents.withTimeout;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.intent.Application.HealthCheck;
import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.PathMatch;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A connection may take one second here, and a health check two. */
class DoubtsTest {

  private static final Optional<Duration> HALF_A_MINUTE = Optional.of(Duration.ofSeconds(30));

  @Test
  void timesThatFitEachOtherRaiseNone() {
    assertThat(doubts(Duration.ofSeconds(15), HALF_A_MINUTE)).isEmpty();
    assertThat(doubts(Duration.ofSeconds(30), HALF_A_MINUTE)).isEmpty();
    assertThat(doubts(Duration.ofSeconds(2), HALF_A_MINUTE)).isEmpty();
  }

  @Test
  void aRouteThatGivesUpBeforeTheHealthCheckDoes() {
    assertThat(doubts(Duration.ofMillis(1500), HALF_A_MINUTE))
        .singleElement()
        .asString()
        .startsWith("spec.routes[1].timeouts.request: 1.5s is shorter")
        .contains("backend.healthCheck.timeout (2s)");
  }

  @Test
  void aRouteThatGivesUpBeforeAConnectionDoes() {
    assertThat(doubts(Duration.ofMillis(900), HALF_A_MINUTE))
        .hasSize(2)
        .last()
        .asString()
        .contains("timeouts.connect (1s)");
  }

  @Test
  void aRouteThatTakesLongerThanAPodHasToEnd() {
    assertThat(doubts(Duration.ofSeconds(90), HALF_A_MINUTE))
        .singleElement()
        .asString()
        .contains("1m30s is longer", "terminationGracePeriodSeconds: 30s");
    assertThat(doubts(Duration.ofSeconds(90), Optional.empty())).isEmpty();
  }

  @Test
  void aWebSocketMayBeOpenForLongerThanAPodHasToEnd() {
    var chat = withTimeout(route("chat", new PathMatch.Exact("/chat"), "GET"), Duration.ofHours(1));
    var intent = Intents.sample(8080, 8443, Intents.routes(chat.ofWebSockets()));

    assertThat(Doubts.of(intent, HALF_A_MINUTE)).isEmpty();
  }

  private static List<String> doubts(Duration request, Optional<Duration> grace) {
    return Doubts.of(intent(request), grace);
  }

  private static BackendIntent intent(Duration request) {
    var quick = route("quick", new PathMatch.Exact("/quick"), "GET");
    var asked = withTimeout(route("asked", new PathMatch.Exact("/asked"), "GET"), request);
    var check = new HealthCheck("/healthz", Duration.ofSeconds(5), Duration.ofSeconds(2), 3);
    return Intents.sample(8080, 8443, Intents.routes(quick, asked).and(Intents.healthCheck(check)));
  }
}
