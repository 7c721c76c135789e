package dev.portcullis.operator.watch.jwks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.portcullis.api.v1alpha1.JwksSpec;
import dev.portcullis.operator.intent.VerificationKey;
import dev.portcullis.operator.resolve.KeyReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A JSON Web Key Set (RFC 7517) as text. What it says is a stranger's. */
sealed interface KeySetDocument {

  /**
   * @param keys never empty
   * @param skipped entries that are no public key for signatures of a kind that is accepted
   */
  record Usable(List<VerificationKey> keys, int skipped) implements KeySetDocument {}

  /**
   * @param why the end of a sentence; holds nothing of the text
   */
  record Unusable(String why) implements KeySetDocument {}

  /** Of these and others together. */
  int MOST_ENTRIES = 100;

  int MOST_KEYS = 32;

  /** Far more than a set of so many keys takes. */
  int MOST_BYTES = 256 * 1024;

  static KeySetDocument read(byte[] text) {
    if (text.length > MOST_BYTES) {
      return new Unusable("is longer than 256 KiB");
    }
    try {
      return Reading.JSON.readTree(text) instanceof JsonNode tree && tree.path("keys").isArray()
          ? Reading.of(tree.path("keys"))
          : new Unusable("is no JSON object with a list of keys");
    } catch (IOException malformed) {
      return new Unusable("is no JSON");
    }
  }

  /** The form that {@link #read} takes, with nothing but these keys. */
  static String write(List<VerificationKey> keys) {
    try {
      return Reading.JSON.writeValueAsString(
          Map.of("keys", keys.stream().map(Reading::members).toList()));
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Entry by entry. */
  final class Reading {

    private static final int DEEPEST = 16;
    private static final Pattern ID = Pattern.compile("[!-~]{1,256}");
    private static final int LONGEST_NUMBER = 1400;

    /** Whoever publishes these has published the secret. */
    private static final List<String> SECRETS =
        List.of("d", "p", "q", "dp", "dq", "qi", "oth", "k");

    private static final JsonMapper JSON =
        JsonMapper.builder(
                JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(
                        StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();

    private static KeySetDocument of(JsonNode entries) {
      if (entries.size() > MOST_ENTRIES) {
        return new Unusable("has more than %d entries".formatted(MOST_ENTRIES));
      }
      var keys = new ArrayList<VerificationKey>();
      entries.forEach(entry -> key(entry).filter(key -> !keys.contains(key)).ifPresent(keys::add));
      if (keys.size() > MOST_KEYS) {
        return new Unusable("has more than %d keys for signatures".formatted(MOST_KEYS));
      }
      return keys.isEmpty()
          ? new Unusable("has no public key for signatures of a kind that is accepted")
          : new Usable(List.copyOf(keys), entries.size() - keys.size());
    }

    private static Optional<VerificationKey> key(JsonNode entry) {
      if (!entry.isObject()
          || SECRETS.stream().anyMatch(entry::has)
          || !(entry.path("kid").isMissingNode() || entry.path("kid").isTextual())
          || !verifies(entry)) {
        return Optional.empty();
      }
      try {
        return Optional.of(JSON.treeToValue(entry, JwksSpec.Key.class))
            .filter(Reading::isBounded)
            .flatMap(KeyReader::published);
      } catch (JsonProcessingException ofAnotherKind) {
        return Optional.empty();
      }
    }

    private static boolean verifies(JsonNode entry) {
      var operations = entry.path("key_ops");
      return operations.isMissingNode()
          || (operations.isArray()
              && operations
                  .valueStream()
                  .anyMatch(operation -> operation.asText().equals("verify")));
    }

    private static boolean isBounded(JwksSpec.Key key) {
      return (key.kid() == null || ID.matcher(key.kid()).matches())
          && Stream.of(key.n(), key.e(), key.x(), key.y())
              .allMatch(number -> number == null || number.length() <= LONGEST_NUMBER);
    }

    private static Map<String, String> members(VerificationKey key) {
      var members = new LinkedHashMap<String, String>();
      key.id().ifPresent(id -> members.put("kid", id));
      switch (key) {
        case VerificationKey.Rsa(_, var algorithm, var modulus, var exponent) -> {
          algorithm.ifPresent(alg -> members.put("alg", alg));
          members.putAll(Map.of("kty", "RSA", "n", modulus, "e", exponent));
        }
        case VerificationKey.Ec(_, var curve, var x, var y) ->
            members.putAll(Map.of("kty", "EC", "crv", curve, "x", x, "y", y));
        case VerificationKey.Ed25519(_, var x) ->
            members.putAll(Map.of("kty", "OKP", "crv", "Ed25519", "x", x));
      }
      return members;
    }

    private Reading() {}
  }
}
