package dev.portcullis.operator.envoy;

import static dev.portcullis.operator.envoytest.Intents.route;
import static dev.portcullis.operator.envoytest.Intents.withLimits;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.envoytest.Gate;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.intent.PathMatch;
import dev.portcullis.operator.intent.RateLimit;
import dev.portcullis.operator.intent.RateLimit.Reach;
import dev.portcullis.operator.intent.Route;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What becomes of the counts when a policy is edited: they live with the routes of the proxy. */
class RateLimitEditsIT {

  private static final int BURST = 3;
  private static final Route COUNTED =
      withLimits(
          get("counted"),
          new RateLimit(
              "hourly", Intents.PER_ADDRESS, 1, Duration.ofHours(1), BURST, 100, Reach.ROUTE));

  private static Route get(String name) {
    return route(name, new PathMatch.Exact("/" + name), "GET");
  }

  @Test
  void whatReachesTheProxyAnewKeepsItsCounts() throws IOException {
    var policy = Intents.routes(COUNTED);
    try (var gate = Gate.open(policy)) {
      assertThat(passed(gate)).isEqualTo(BURST + 1);

      gate.serve(policy);

      assertThat(passed(gate)).isZero();
    }
  }

  @Test
  void anEditGivesEveryClientAFreshBurstAndNoMore() throws IOException {
    try (var gate = Gate.open(Intents.routes(COUNTED))) {
      assertThat(passed(gate)).isEqualTo(BURST + 1);

      gate.serve(Intents.routes(COUNTED, get("new")));

      assertThat(passed(gate)).isEqualTo(BURST + 1);
    }
  }

  private static int passed(Gate gate) throws IOException {
    var passed = 0;
    for (var sent = 0; sent < 3 * BURST; sent++) {
      passed += gate.as(Intents.EDGE).get("/counted").status() == 200 ? 1 : 0;
    }
    return passed;
  }
}
