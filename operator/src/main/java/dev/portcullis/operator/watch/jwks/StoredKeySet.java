package dev.portcullis.operator.watch.jwks;

import dev.portcullis.operator.intent.KeySource;
import dev.portcullis.operator.intent.KeySource.Authority;
import dev.portcullis.operator.intent.VerificationKey;
import dev.portcullis.operator.names.Labels;
import dev.portcullis.operator.names.Names;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of one place where keys are published, as all replicas share it.
 *
 * @param keys the last good ones; empty before the first
 * @param fetched when the issuer last said so
 * @param failure since then, if asking has failed
 */
record StoredKeySet(
    KeySource source,
    List<VerificationKey> keys,
    Optional<Instant> fetched,
    Optional<Failure> failure) {

  private static final int NAME_BYTES = 16;

  /**
   * @param reason one word for programs
   * @param message a sentence
   * @param since when it was told first
   */
  record Failure(String reason, String message, Instant since) {}

  StoredKeySet {
    keys = List.copyOf(keys);
  }

  static String nameOf(KeySource source) {
    try {
      var digest =
          MessageDigest.getInstance("SHA-256")
              .digest(source.toString().getBytes(StandardCharsets.UTF_8));
      return Names.KEY_SET_CONFIG_MAP + HexFormat.of().formatHex(digest, 0, NAME_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  /** Empty if it is none, or that of another place. */
  static Optional<StoredKeySet> of(ConfigMap object) {
    try {
      var data = Optional.ofNullable(object.getData()).orElse(Map.of());
      var source =
          new KeySource(
              data.getOrDefault("url", ""), Optional.ofNullable(data.get("ca")).map(s -> ca(s)));
      return Optional.of(
              new StoredKeySet(
                  source,
                  keys(data.getOrDefault("jwks.json", "")),
                  Optional.ofNullable(data.get("fetched")).map(Instant::parse),
                  failure(data)))
          .filter(_ -> nameOf(source).equals(object.getMetadata().getName()));
    } catch (IllegalArgumentException | DateTimeParseException notOurs) {
      return Optional.empty();
    }
  }

  ConfigMap in(String namespace) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(nameOf(source))
        .addToLabels(Labels.MANAGED_BY, Labels.MANAGED_BY_VALUE)
        .addToLabels(Labels.KEY_SET, Labels.KEY_SET_VALUE)
        .endMetadata()
        .withData(data())
        .build();
  }

  private Map<String, String> data() {
    var data = new LinkedHashMap<String, String>();
    data.put("url", source.url());
    source.authority().ifPresent(ca -> data.put("ca", ca.toString()));
    if (!keys.isEmpty()) {
      data.put("jwks.json", KeySetDocument.write(keys));
    }
    fetched.ifPresent(at -> data.put("fetched", at.toString()));
    failure.ifPresent(
        why -> {
          data.put("reason", why.reason());
          data.put("message", why.message());
          data.put("since", why.since().toString());
        });
    return data;
  }

  private static Authority ca(String text) {
    var parts = text.split("/", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException("no namespace/secret/key: " + text);
    }
    return new Authority(parts[0], parts[1], parts[2]);
  }

  private static List<VerificationKey> keys(String text) {
    return switch (KeySetDocument.read(text.getBytes(StandardCharsets.UTF_8))) {
      case KeySetDocument.Usable(var keys, _) -> keys;
      case KeySetDocument.Unusable _ -> List.of();
    };
  }

  private static Optional<Failure> failure(Map<String, String> data) {
    return data.containsKey("reason")
        ? Optional.of(
            new Failure(
                data.get("reason"),
                data.getOrDefault("message", ""),
                Instant.parse(data.getOrDefault("since", ""))))
        : Optional.empty();
  }
}
