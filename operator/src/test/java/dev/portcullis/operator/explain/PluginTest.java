package dev.portcullis.operator.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.operator.explain.Plugin.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code kubectl portcullis} prints about policies as people keep and kubectl prints them. */
class PluginTest {

  private static final String POLICY =
      """
      apiVersion: portcullis.dev/v1alpha1
      kind: ApiBackendPolicy
      metadata: {name: orders, namespace: shop, generation: 7}
      spec:
        selector: {matchLabels: {app: orders}}
        backend: {port: 8080}
        callers:
          - name: edge
            serviceAccounts: [{namespace: ingress, name: edge}]
        routes:
          - name: read-order
            path: {template: "/api/v1/orders/{id}"}
            methods: [GET]
            rateLimits: [{name: per-address, per: [ClientIP], requests: 50, interval: 1s}]
      """;

  private static Answer ask(String objects, String... arguments) throws Exception {
    return Plugin.answer(
        List.of(arguments), new ByteArrayInputStream(objects.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void aRequestThatWouldPassAndWhatThatHangsOn() throws Exception {
    var answer = ask(POLICY, "would", "GET", "/api/v1/orders/7", "--from", "ingress/edge");

    assertThat(answer.status()).isZero();
    assertThat(answer.text())
        .contains("passes by route read-order of shop/orders", "rate limit per-address has room");
  }

  @Test
  void theIdOfARefusalLeadsBackToItsRule() throws Exception {
    var refused = ask(POLICY, "would", "GET", "/api/v1/orders/7", "--from", "shop/batch");
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.text()).contains("denied: callers-", "at read-order of shop/orders");
    var id = refused.text().lines().findFirst().orElseThrow().split(" ")[1];

    var explained = ask(POLICY, "explain", id);

    assertThat(explained.status()).isZero();
    assertThat(explained.text())
        .contains(
            "layer       callers",
            "policy      shop/orders, generation 7",
            "rule        route read-order: GET /api/v1/orders/{id}, callers edge",
            "remedy");
  }

  /** The id is the same in each; the lines of the sidecars are not. */
  @Test
  void theGenerationThatRefusedIsTheOneInForceThen() throws Exception {
    var refused = ask(POLICY, "would", "GET", "/api/v1/orders/7", "--from", "shop/batch");
    var id = refused.text().lines().findFirst().orElseThrow().split(" ")[1];
    var lines =
        "\n# lines of sidecars\n"
            + line("orders-1", id, "\"policyGeneration\":6,", 1)
            + line("orders-2", id, "\"policyGeneration\":6,", 2)
            + line("orders-1", id, "\"policyGeneration\":7,", 3)
            + line("orders-1", "callers-bbbbbbbb", "\"policyGeneration\":5,", 4)
            + "orders-1 {\"denial\":\""
            + id
            + "\",\"policyGen";

    assertThat(ask(POLICY + lines, "explain", id).text())
        .contains("policy      shop/orders, generation 7")
        .endsWith(
            """
            refused     by generation 6 of shop/orders: 2 lines, the last at 2026-11-23T10:00:02.000Z in pod orders-2
                        by generation 7 of shop/orders: at 2026-11-23T10:00:03.000Z in pod orders-1""");
    var gone = ask(POLICY.replace("read-order", "renamed") + lines, "explain", id);
    assertThat(gone.status()).isEqualTo(1);
    assertThat(gone.text()).contains("by generation 6 of shop/orders");
    var early = ask(POLICY + "\n# lines of sidecars\n" + line("a", id, "", 1), "explain", id);
    assertThat(early.text()).contains("by a generation that the lines do not tell, of shop/orders");
  }

  private static String line(String pod, String id, String generation, int second) {
    return "%s {\"denial\":\"%s\",\"policy\":\"shop/orders\",%s\"time\":\"2026-11-23T10:00:0%d.000Z\"}\n"
        .formatted(pod, id, generation, second);
  }

  @Test
  void ofTwoPoliciesOnlyItsOwnHasTheRule() throws Exception {
    var two = POLICY + "\n---\n" + POLICY.replace("name: orders,", "name: other,");
    var refused =
        ask(two, "would", "GET", "/no", "--from", "ingress/edge", "--policy", "shop/other");
    var id = refused.text().lines().findFirst().orElseThrow().split(" ")[1];

    assertThat(ask(two, "explain", id).text()).contains("shop/other").doesNotContain("shop/orders");
    assertThat(ask(POLICY, "explain", id).status()).isEqualTo(1);
    assertThatThrownBy(() -> ask(two, "would", "GET", "/no", "--from", "ingress/edge"))
        .hasMessageContaining("--policy must name one of the policies: shop/orders, shop/other");
  }

  @Test
  void aDocumentIsReadFromItsConfigMapAndMissedWhereItIsNot() throws Exception {
    var folder = Path.of("src/test/resources/translation/openapi");
    var policy = Files.readString(folder.resolve("in-policy.yaml"));
    var all = new StringBuilder();
    for (var file : inputs(folder)) {
      all.append(Files.readString(file)).append("\n---\n");
    }
    var request =
        new String[] {
          "would",
          "GET",
          "/api/v1/orders",
          "--from",
          "spiffe://mesh.example/ns/ingress/sa/edge",
          "--trust-domain",
          "mesh.example",
          "--policy",
          "orders"
        };

    assertThat(ask(all.toString(), request).text()).startsWith("passes by route ");
    assertThatThrownBy(() -> ask(policy, request)).hasMessageContaining("refers to ConfigMap");
  }

  @Test
  void jsonForCallsIsNotGuessed() throws Exception {
    var objects = new StringBuilder();
    for (var file : inputs(Path.of("src/test/resources/translation/grpc-json"))) {
      objects.append(Files.readString(file)).append("\n---\n");
    }
    var edge = "spiffe://mesh.example/ns/ingress/sa/edge";

    assertThatThrownBy(
            () -> ask(objects.toString(), "would", "GET", "/v1/orders/7", "--from", edge))
        .hasMessageContaining("only a gate can answer");
  }

  private static List<Path> inputs(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("in-"))
          .sorted()
          .toList();
    }
  }

  @Test
  void aPolicyThatIsNotAcceptedSaysWhy() {
    var broken = POLICY.replace("port: 8080", "port: 0");

    assertThatThrownBy(() -> ask(broken, "would", "GET", "/", "--from", "ingress/edge"))
        .hasMessageContaining("policy shop/orders is not accepted: spec.backend.port");
  }

  @Test
  void whatIsNoQuestionIsToldHowToAsk() {
    assertThatThrownBy(() -> ask(POLICY, "explain", "nonsense"))
        .hasMessageContaining("'nonsense' is no id");
    assertThatThrownBy(() -> ask(POLICY, "would", "GET")).hasMessageContaining("use: ");
    assertThatThrownBy(() -> ask(POLICY, "would", "GET", "/x")).hasMessageContaining("--from");
    assertThatThrownBy(() -> ask(POLICY, "explain", "--what")).hasMessageContaining("--what");
  }

  @Test
  void aFileThatIsNoPolicyIsShown() {
    for (var text : List.of("bad: [", POLICY.replace("8080", "none"))) {
      assertThatThrownBy(() -> ask(text, "would", "GET", "/", "--from", "ingress/edge"))
          .as(text)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("no Kubernetes object")
          .hasMessageContaining(text.strip());
    }
  }

  @Test
  void whereThereIsNoPolicyItSaysSo() {
    assertThatThrownBy(() -> ask("", "would", "GET", "/", "--from", "ingress/edge"))
        .hasMessageStartingWith("there is no ApiBackendPolicy");
  }
}
