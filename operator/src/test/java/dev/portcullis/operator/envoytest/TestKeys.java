package dev.portcullis.operator.envoytest;

import dev.portcullis.operator.intent.ApiKeys;
import dev.portcullis.operator.intent.ApiKeys.KeyFate;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Keys of clients as a policy knows them, shown in {@code x-api-key}. */
public final class TestKeys {

  public static final String HEADER = "x-api-key";

  /**
   * Removed before the application, which is told nothing of the client.
   *
   * @param clients by their keys
   */
  public static ApiKeys of(Map<String, String> clients) {
    var byDigest =
        clients.entrySet().stream()
            .collect(Collectors.toMap(each -> digest(each.getKey()), Map.Entry::getValue));
    return new ApiKeys(HEADER, Optional.empty(), KeyFate.REMOVED, byDigest, List.of());
  }

  public static String digest(String key) {
    try {
      var sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(key.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private TestKeys() {}
}
