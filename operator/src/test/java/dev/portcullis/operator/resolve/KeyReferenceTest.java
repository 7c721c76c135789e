package dev.portcullis.operator.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.operator.intent.KeySource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the API server would refuse is left out here too: its schema may be an older one. */
class KeyReferenceTest {

  private static final KubernetesSerialization YAML = new KubernetesSerialization();

  private static ApiBackendPolicy policy(String jwks) {
    return YAML.unmarshal(
        """
        apiVersion: portcullis.dev/v1alpha1
        kind: ApiBackendPolicy
        metadata: {namespace: shop, name: orders}
        spec: {authentication: {jwt: [{name: inline, jwks: {keys: []}}, {name: corp, jwks: %s}]}}
        """
            .formatted(jwks),
        ApiBackendPolicy.class);
  }

  @Test
  void aReferenceHasItsDefaults() {
    assertThat(KeyReference.of(policy("{url: 'https://login.example.com/keys'}")))
        .containsExactly(
            new KeyReference(
                1,
                new KeySource("https://login.example.com/keys", Optional.empty()),
                Duration.ofMinutes(5)));
    assertThat(
            KeyReference.of(
                policy(
                    "{url: 'https://a.example', caSecretRef: {name: ca}, refreshInterval: 30s}")))
        .containsExactly(
            new KeyReference(
                1,
                new KeySource(
                    "https://a.example",
                    Optional.of(new KeySource.Authority("shop", "ca", "ca.crt"))),
                Duration.ofSeconds(30)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://login.example.com/keys",
        "file:///etc/passwd",
        "https://user@login.example.com/keys",
        "https://login.example.com@evil.example/keys",
        "https://login.example.com\\\\@evil.example/keys",
        "https://login.example.com#@evil.example/",
        "https://login.example.com/keys#one",
        "https://LOGIN.example.com/keys",
        "https://login.example.com./keys",
        "https://169.254.169.254/latest/meta-data",
        "https://2852039166/",
        "https://0xa9fea9fe/",
        "https://0251.0376.0251.0376/",
        "https://127.1/",
        "https://[::1]/",
        "https://[::ffff:169.254.169.254]/",
        "https://login.example.com:0/",
        "https://login.example.com:65536/",
        "https://login.example.com/a b",
        "https://login.example.com/a\\r\\nX-Injected: 1",
        "https://login.example.com\\t.evil.example/",
        "https://login.example.com/%zz",
        "https://login.example.com/%",
        "https:///keys",
        "https://",
        ""
      })
  void anUrlThatMeansAnythingElseIsNone(String url) {
    assertThat(KeyReference.of(policy("{url: \"%s\"}".formatted(url)))).isEmpty();
  }

  /**
   * One that the JDK would read otherwise, or not at all, would be asked for by everybody's loop.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://a/",
        "https://1.a-b.xn--p1ai:65535/%7Euser/keys;v=1?a=b&c=%2F?x:@",
        "https://login.example.com//a/../b"
      })
  void whatIsReadIsReadByTheJdkToo(String url) {
    var source = KeyReference.of(policy("{url: '%s'}".formatted(url))).getFirst().source();

    assertThat(url).startsWith("https://" + source.host());
    assertThat(source.port()).isIn(443, 65535);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{url: 'https://a.example', refreshInterval: 1s}",
        "{url: 'https://a.example', refreshInterval: 25h}",
        "{url: 'https://a.example', refreshInterval: often}",
        "{url: 'https://a.example', caSecretRef: {name: ../ca}}",
        "{url: 'https://a.example', caSecretRef: {name: ca, key: a/b}}"
      })
  void whatElseIsWrongLeavesItOutToo(String jwks) {
    assertThat(KeyReference.of(policy(jwks))).isEmpty();
  }
}
