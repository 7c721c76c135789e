package dev.portcullis.operator.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrustDomainTest {

  @Test
  void aServiceAccountHasOneId() {
    assertThat(new TrustDomain("cluster.local").serviceAccount("shop", "orders"))
        .isEqualTo("spiffe://cluster.local/ns/shop/sa/orders");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Cluster.Local",
        "a/b",
        "a..b",
        ".a",
        "a.",
        "a b",
        "spiffe://a",
        "a:8443",
        "*.a"
      })
  void whatIsNoDnsNameIsNoTrustDomain(String name) {
    assertThatThrownBy(() -> new TrustDomain(name)).isInstanceOf(IllegalArgumentException.class);
  }
}
