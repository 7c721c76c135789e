package dev.portcullis.operator.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicySelectionTest {

  private static final String EARLY = "2026-01-01T00:00:00Z";
  private static final String LATE = "2026-01-01T00:00:01Z";

  @Test
  void theOldestPolicyThatSelectsThePodWins() {
    var older = policy("zebra", EARLY, "{matchLabels: {app: orders}}");
    var younger = policy("aardvark", LATE, "{matchLabels: {app: orders}}");
    var foreign = policy("first", "2020-01-01T00:00:00Z", "{matchLabels: {app: payments}}");

    var selected =
        PolicySelection.select(List.of(younger, foreign, older), Map.of("app", "orders"));

    assertThat(selected).contains(older);
  }

  @Test
  void ofTwoEquallyOldTheNameDecides() {
    var a = policy("a", EARLY, "{matchLabels: {app: orders}}");
    var b = policy("b", EARLY, "{matchLabels: {app: orders}}");

    assertThat(PolicySelection.select(List.of(b, a), Map.of("app", "orders"))).contains(a);
  }

  @Test
  void aPolicyThatTheServerHasNotDatedIsTheYoungest() {
    var dated = policy("z", EARLY, "{matchLabels: {app: orders}}");
    var undated = policy("a", null, "{matchLabels: {app: orders}}");

    assertThat(PolicySelection.select(List.of(undated, dated), Map.of("app", "orders")))
        .contains(dated);
  }

  @Test
  void aPodThatNoPolicySelectsHasNone() {
    var policy = policy("a", EARLY, "{matchLabels: {app: orders}}");

    assertThat(PolicySelection.select(List.of(policy), Map.of("tier", "web"))).isEmpty();
  }

  @Test
  void anEmptySelectorSelectsNothing() {
    assertThat(PolicySelection.selects(policy("a", EARLY, "{}"), Map.of("app", "orders")))
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {key: app, operator: In, values: [orders, carts]}    | true
          {key: app, operator: In, values: [carts]}            | false
          {key: tier, operator: In, values: [web]}             | false
          {key: app, operator: NotIn, values: [carts]}         | true
          {key: app, operator: NotIn, values: [orders]}        | false
          {key: tier, operator: NotIn, values: [web]}          | true
          {key: app, operator: Exists}                         | true
          {key: tier, operator: Exists}                        | false
          {key: tier, operator: DoesNotExist}                  | true
          {key: app, operator: DoesNotExist}                   | false
          """)
  void expressionsMeanWhatKubernetesMeans(String expression, boolean selected) {
    var policy = policy("a", EARLY, "{matchExpressions: [" + expression + "]}");

    assertThat(PolicySelection.selects(policy, Map.of("app", "orders"))).isEqualTo(selected);
  }

  private static ApiBackendPolicy policy(String name, String created, String selector) {
    var yaml =
        """
        apiVersion: portcullis.dev/v1alpha1
        kind: ApiBackendPolicy
        metadata: {namespace: shop, name: %s, creationTimestamp: %s}
        spec: {selector: %s}
        """
            .formatted(name, created, selector);
    return new KubernetesSerialization().unmarshal(yaml, ApiBackendPolicy.class);
  }
}
