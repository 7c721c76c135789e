package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portcullis.e2e.cluster.KindNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Rates, sizes, and what the refusals look like. */
@OnRealCluster
@ResourceLock(value = Installation.OPERATOR, mode = ResourceAccessMode.READ)
class LimitsE2E {

  private static final String PATH = "/api/v1/orders/7";
  private static final Pattern TALLY =
      Pattern.compile("\\S+ \\{200=(\\d+)(?:, 429=\\d+)?} expected=(\\d+) .*");
  private static final List<String> HARDENED =
      List.of(
          "x-frame-options: DENY",
          "x-content-type-options: nosniff",
          "content-security-policy: default-src 'self'",
          "strict-transport-security: ");

  private static Installation installation;
  private static Orders orders;

  @BeforeAll
  static void deploy(Installation shared) {
    installation = shared;
    orders = Orders.enforced(shared, "limits-e2e");
  }

  @AfterAll
  static void remove() {
    orders.close();
  }

  @Test
  void fiftyASecondWithABurstOfTwenty() {
    // When
    var tally =
        orders.call("edge", "burst", "--requests", "400", PATH).lines().findFirst().orElseThrow();

    // Then
    assertAdmittedWithinAToken(tally);
  }

  @Test
  void thirtyAddressesAtOnceAreEachCountedAlone() {
    assumeTrue(installation.cluster() instanceof KindNode, "routes on the node are needed");

    // Given
    var sources = IntStream.rangeClosed(1, 30).mapToObj(i -> "10.250.0." + i).toList();
    giveEdgeTheAddresses(sources);
    var arguments = new ArrayList<>(List.of("--requests", "100"));
    sources.forEach(source -> arguments.addAll(List.of("--from", source)));
    arguments.add(PATH);

    // When
    var lines =
        orders
            .ask(orders.pods().getFirst(), "burst", arguments.toArray(String[]::new))
            .lines()
            .toList();

    // Then
    assertThat(lines.stream().filter(line -> line.startsWith("10.250.")))
        .hasSize(30)
        .allSatisfy(LimitsE2E::assertAdmittedWithinAToken);
  }

  private static void giveEdgeTheAddresses(List<String> addresses) {
    for (var address : addresses) {
      assertThat(
              installation
                  .user()
                  .exec("callers", "edge", "ip", "addr", "replace", address + "/32", "dev", "eth0"))
          .isEmpty();
    }
    var edge =
        installation
            .client()
            .pods()
            .inNamespace("callers")
            .withName("edge")
            .get()
            .getStatus()
            .getPodIP();
    installation
        .cluster()
        .onNode(
            "sh",
            "-c",
            "ip route replace 10.250.0.0/24 dev $(ip -o route get "
                + edge
                + " | sed 's/.* dev \\([^ ]*\\).*/\\1/')");
  }

  private static void assertAdmittedWithinAToken(String tally) {
    var matcher = TALLY.matcher(tally);
    assertThat(matcher.matches()).as(tally).isTrue();
    var expected = Integer.parseInt(matcher.group(2));
    assertThat(Integer.parseInt(matcher.group(1))).as(tally).isBetween(expected - 1, expected + 1);
  }

  @Test
  void aBodyOverTheLimitIsRefused() {
    assertThat(
            orders.call("edge", "call", "-X", "POST", "--body-bytes", "3145728", "/api/v1/orders"))
        .startsWith("HTTP 413");
    assertThat(
            orders.call("edge", "call", "-X", "POST", "--body-bytes", "1048576", "/api/v1/orders"))
        .startsWith("HTTP 200")
        .contains("\"bodyBytes\":1048576");
  }

  @Test
  void headersOverTheLimitAreRefused() {
    assertThat(orders.call("edge", "call", "-H", "x-large: " + "a".repeat(40_000), PATH))
        .startsWith("HTTP 431");
  }

  @Test
  void everyAnswerIsHardened() {
    assertHardened("HTTP 200", orders.call("edge", "call", PATH));
    assertHardened("HTTP 403", orders.call("stranger", "call", PATH));
    assertHardened("HTTP 404", orders.call("edge", "call", "/unknown"));
    assertHardened(
        "HTTP 413",
        orders.call("edge", "call", "-X", "POST", "--body-bytes", "3145728", "/api/v1/orders"));
    assertHardened("HTTP 429", orders.call("edge", "call", "--until-status", "429", PATH));
  }

  static void assertHardened(String status, String answer) {
    assertThat(answer).startsWith(status).contains(HARDENED);
    assertThat(answer.substring(0, answer.indexOf("\n\n")).lines())
        .noneMatch(line -> line.startsWith("server:") || line.startsWith("x-powered-by:"));
  }
}
