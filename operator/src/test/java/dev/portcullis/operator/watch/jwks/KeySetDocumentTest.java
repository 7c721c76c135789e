package dev.portcullis.operator.watch.jwks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.envoytest.TestIssuer;
import dev.portcullis.operator.intent.VerificationKey;
import dev.portcullis.operator.watch.jwks.KeySetDocument.Unusable;
import dev.portcullis.operator.watch.jwks.KeySetDocument.Usable;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class KeySetDocumentTest {

  private static final String POINT =
      "\"crv\":\"P-256\",\"x\":\"gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0\","
          + "\"y\":\"SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps\"";
  private static final String EC = "{\"kty\":\"EC\"," + POINT + "}";
  private static final VerificationKey KEY =
      new VerificationKey.Ec(
          Optional.empty(),
          "P-256",
          "gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0",
          "SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps");

  private static KeySetDocument read(String text) {
    return KeySetDocument.read(text.getBytes(UTF_8));
  }

  private static String set(String... entries) {
    return "{\"keys\":[" + String.join(",", entries) + "]}";
  }

  @Test
  void whatWasWrittenIsReadAgain() {
    var keys =
        List.of(
            TestIssuer.create("corp", "one").key(),
            TestIssuer.createRsa("corp", "two").key(),
            new VerificationKey.Ed25519(
                Optional.empty(), "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"));

    assertThat(read(KeySetDocument.write(keys))).isEqualTo(new Usable(keys, 0));
  }

  @Test
  void membersThatNobodyAsksForDoNoHarm() {
    var entry = "{\"kty\":\"EC\",\"use\":\"sig\",\"x5c\":[\"MIIB\"],\"x5t\":\"a\"," + POINT + "}";

    assertThat(read("{\"issuer\":\"x\",\"keys\":[" + entry + "]}"))
        .isEqualTo(new Usable(List.of(KEY), 0));
  }

  static Stream<String> uselessEntries() {
    return Stream.of(
        "{\"kty\":\"oct\",\"k\":\"c2VjcmV0\"}",
        "{\"kty\":\"EC\",\"use\":\"enc\"," + POINT + "}",
        "{\"kty\":\"EC\",\"key_ops\":[\"deriveKey\"]," + POINT + "}",
        "{\"kty\":\"EC\",\"key_ops\":\"verify\"," + POINT + "}",
        "{\"kty\":\"EC\",\"alg\":\"ECDH-ES\"," + POINT + "}",
        "{\"kty\":\"EC\",\"alg\":\"ES384\"," + POINT + "}",
        "{\"kty\":\"EC\",\"d\":\"c2VjcmV0\"," + POINT + "}",
        "{\"kty\":\"EC\",\"kid\":7," + POINT + "}",
        "{\"kty\":\"EC\",\"kid\":\"a b\"," + POINT + "}",
        "{\"kty\":\"EC\",\"kid\":\"" + "a".repeat(257) + "\"," + POINT + "}",
        "{\"kty\":\"EC\",\"crv\":\"secp256k1\",\"x\":\"gI0G\",\"y\":\"gI0G\"}",
        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"gI0G\",\"y\":\"gI0G\"}",
        "{\"kty\":\"RSA\",\"n\":\"gI0G\",\"e\":\"AQAB\"}",
        "{\"kty\":\"RSA\",\"n\":\"" + "A".repeat(20_000) + "gI0G\",\"e\":\"AQAB\"}",
        "{\"kty\":\"PQ\"}",
        "{}",
        "[]",
        "null",
        "\"text\"",
        "7");
  }

  @ParameterizedTest
  @MethodSource("uselessEntries")
  void anEntryOfNoUseIsSkippedAndCounted(String entry) {
    assertThat(read(set(entry, EC))).isEqualTo(new Usable(List.of(KEY), 1));
    assertThat(read(set(entry)))
        .isEqualTo(new Unusable("has no public key for signatures of a kind that is accepted"));
  }

  @Test
  void theSameKeyTwiceIsOne() {
    assertThat(read(set(EC, EC))).isEqualTo(new Usable(List.of(KEY), 1));
  }

  static Stream<Arguments> hostile() {
    var many = Stream.generate(() -> "{}").limit(10_000).toArray(String[]::new);
    var deep = "[".repeat(50_000);
    return Stream.of(
        Arguments.of("", "is no JSON object with a list of keys"),
        Arguments.of("<html><body>Sign in</body></html>", "is no JSON"),
        Arguments.of("\u0000\u0001\u0002", "is no JSON"),
        Arguments.of("null", "is no JSON object with a list of keys"),
        Arguments.of("[]", "is no JSON object with a list of keys"),
        Arguments.of("{\"keys\":{}}", "is no JSON object with a list of keys"),
        Arguments.of(set(EC) + "x", "is no JSON"),
        Arguments.of(set(EC) + set(EC), "is no JSON"),
        Arguments.of("{\"keys\":[],\"keys\":[" + EC + "]}", "is no JSON"),
        Arguments.of("{\"keys\":" + deep, "is no JSON"),
        Arguments.of(set(), "has no public key for signatures of a kind that is accepted"),
        Arguments.of(set(many), "has more than 100 entries"),
        Arguments.of(" ".repeat(KeySetDocument.MOST_BYTES) + set(EC), "is longer than 256 KiB"),
        Arguments.of(set(named(33)), "has more than 32 keys for signatures"));
  }

  private static String[] named(int count) {
    return IntStream.range(0, count)
        .mapToObj(each -> "{\"kty\":\"EC\",\"kid\":\"k" + each + "\"," + POINT + "}")
        .toArray(String[]::new);
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void whatIsNoSetIsRefusedWithoutRepeatingIt(String text, String why) {
    assertThat(read(text)).isEqualTo(new Unusable(why));
  }

  @Test
  void asManyKeysAsAreAllowedAreTaken() {
    assertThat(read(set(named(32))))
        .isInstanceOfSatisfying(Usable.class, usable -> assertThat(usable.keys()).hasSize(32));
  }
}
