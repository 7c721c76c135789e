package dev.portcullis.operator.watch.jwks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.envoytest.TestIssuer;
import dev.portcullis.operator.intent.KeySource;
import dev.portcullis.operator.intent.KeySource.Authority;
import dev.portcullis.operator.watch.jwks.StoredKeySet.Failure;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StoredKeySetTest {

  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final KeySource SOURCE =
      new KeySource(
          "https://login.example.com/keys",
          Optional.of(new Authority("shop", "login-ca", "ca.crt")));

  @Test
  void whatIsStoredIsReadAgain() {
    var whole =
        new StoredKeySet(
            SOURCE,
            List.of(TestIssuer.create("corp", "one").key()),
            Optional.of(NOON),
            Optional.of(new Failure("TooSlow", "It gave no answer.", NOON.plusSeconds(60))));
    var bare =
        new StoredKeySet(
            new KeySource("https://login.example.com/keys", Optional.empty()),
            List.of(),
            Optional.empty(),
            Optional.empty());

    assertThat(StoredKeySet.of(whole.in("system"))).contains(whole);
    assertThat(StoredKeySet.of(bare.in("system"))).contains(bare);
  }

  /** A set is found by its name: under that of another place it would be that place's. */
  @Test
  void aSetUnderAnothersNameIsNone() {
    var set = new StoredKeySet(SOURCE, List.of(), Optional.empty(), Optional.empty());
    var moved =
        new ConfigMapBuilder(set.in("system"))
            .addToData("url", "https://login.example.com/other")
            .build();

    assertThat(StoredKeySet.of(moved)).isEmpty();
  }

  @Test
  void theSameUrlByAnotherAuthorityIsAnotherPlace() {
    var other =
        new KeySource(SOURCE.url(), Optional.of(new Authority("bank", "login-ca", "ca.crt")));

    assertThat(StoredKeySet.nameOf(other)).isNotEqualTo(StoredKeySet.nameOf(SOURCE));
  }

  @Test
  void whatSomebodyBrokeHoldsNoKeys() {
    var set =
        new StoredKeySet(
            SOURCE,
            List.of(TestIssuer.create("corp", "one").key()),
            Optional.of(NOON),
            Optional.empty());
    var broken =
        new ConfigMapBuilder(set.in("system")).addToData("jwks.json", "{\"keys\":[{}]}").build();
    var undated = new ConfigMapBuilder(set.in("system")).addToData("fetched", "noon").build();

    assertThat(StoredKeySet.of(broken).orElseThrow().keys()).isEmpty();
    assertThat(StoredKeySet.of(undated)).isEmpty();
    assertThat(StoredKeySet.of(new ConfigMapBuilder().withNewMetadata().endMetadata().build()))
        .isEmpty();
  }
}
