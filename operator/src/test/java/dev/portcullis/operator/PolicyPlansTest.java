package dev.portcullis.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyPlansTest {

  @ParameterizedTest
  @ValueSource(strings = {"ECDSAP256", "ECDSAP384", "RSA3072", "RSA4096", "ED25519"})
  void thePodsKeyIsOfThePolicysType(String keyType) {
    var plan = PolicyPlans.plan(policy("{listener: {tls: {keyType: %s}}}".formatted(keyType)));

    assertThat(plan.keyType()).isEqualTo(keyType);
  }

  @Test
  void whatIsLeftOutIsTheDefault() {
    for (var spec : new String[] {"{}", "{listener: {}}", "{listener: {tls: {}}}"}) {
      var plan = PolicyPlans.plan(policy(spec));

      assertThat(plan.keyType()).as(spec).isEqualTo("ECDSAP256");
      assertThat(plan.listenerPort()).as(spec).isEqualTo(8443);
    }
  }

  private static ApiBackendPolicy policy(String spec) {
    return Serialization.unmarshal(
        "metadata: {name: orders}\nspec: %s".formatted(spec), ApiBackendPolicy.class);
  }
}
