package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Only what the policy names reaches the application. */
@OnRealCluster
@ResourceLock(value = Installation.OPERATOR, mode = ResourceAccessMode.READ)
class KnownPathsE2E {

  private static final List<String> TRICKS =
      List.of(
          "/",
          "/admin",
          "/api/v1/orders/",
          "/api/v1/orders/7/items",
          "/API/v1/orders/7",
          "/api/v1/Orders/7",
          "/api/v1/orders/..%2f..%2fadmin",
          "/api/v1/orders/%2e%2e/%2e%2e/admin",
          "/api/v1/orders/7/../../../../admin",
          "/api/v1/orders/..%5cadmin",
          "/api/v1/orders%2F7",
          "/api/v1/orders/7;admin=true",
          "/api/v1/orders/7%3Badmin",
          "/api/v1/orders/%252e%252e",
          "/api/v1/orders/7%00",
          "//admin",
          "/./admin",
          "\\admin",
          "/.well-known/portcullis/version",
          "/healthz");

  private static Orders orders;

  @BeforeAll
  static void deploy(Installation installation) {
    orders = Orders.enforced(installation, "paths-e2e");
  }

  @AfterAll
  static void remove() {
    orders.close();
  }

  @Test
  void unknownPathsAndTricksNeverReachTheApplication() {
    // Given
    var arguments = new ArrayList<>(List.of("--status-only"));
    arguments.addAll(TRICKS);

    // When
    var answers = orders.call("edge", "call", arguments.toArray(String[]::new)).lines().toList();

    // Then
    assertThat(answers)
        .hasSameSizeAs(TRICKS)
        .allMatch(line -> line.matches("(400|403|404|405|refused) .*"));
    assertThat(orders.seenByApplication()).isEmpty();
  }

  @Test
  void unknownMethodsNeverReachTheApplication() {
    for (var method : List.of("DELETE", "PUT", "PATCH", "TRACE", "OPTIONS", "get")) {
      // When
      var answer = orders.call("edge", "call", "-X", method, "--status-only", "/api/v1/orders/7");

      // Then
      assertThat(answer).matches("(?s)(400|403|404|405) .*");
    }
    assertThat(orders.seenByApplication()).isEmpty();
  }
}
