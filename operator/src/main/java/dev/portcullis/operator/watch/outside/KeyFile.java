package dev.portcullis.operator.watch.outside;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.portcullis.operator.intent.ApiKeys;
import dev.portcullis.operator.intent.ApiKeys.Entry;
import dev.portcullis.operator.intent.ApiKeys.Fault;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Clients and their keys, as a Secret has them: an entry for each client, a line for each key. What
 * is wrong with one key leaves the others alone, and no sentence shows any of them.
 */
public final class KeyFile {

  private static final int MOST_KEYS = 4;
  private static final int SHORTEST = 32;
  private static final int LONGEST = 128;
  private static final int DIFFERENT = 8;
  private static final Pattern CHARACTERS = Pattern.compile("[A-Za-z0-9._~+/=-]+");
  private static final Pattern CLIENT =
      Pattern.compile("[A-Za-z0-9]([-._A-Za-z0-9]{0,61}[A-Za-z0-9])?");

  private final String secret;
  private final List<Entry> entries = new ArrayList<>();
  private final List<Fault> faults = new ArrayList<>();

  private KeyFile(String secret) {
    this.secret = secret;
  }

  /**
   * What of a Secret's entries can be used.
   *
   * @param secret how sentences call it, such as {@code shop/clients}
   */
  public static ApiKeys.Found read(String secret, Map<String, byte[]> files) {
    var file = new KeyFile(secret);
    new TreeMap<>(files).forEach((client, content) -> file.read(client, content));
    if (files.isEmpty()) {
      file.faults.add(new Fault("SecretEmpty", "Secret %s has no entry.".formatted(secret)));
    }
    return new ApiKeys.Found(file.entries, file.faults);
  }

  private void read(String client, byte[] content) {
    if (!CLIENT.matcher(client).matches()) {
      unfit(
          "ClientInvalid",
          client,
          "is no name of a client: at most 63 characters, from and to a" + " letter or digit");
      return;
    }
    var lines = new String(content, ISO_8859_1).lines().map(String::strip).toList();
    var keys = lines.stream().filter(line -> !line.isEmpty()).count();
    if (keys == 0 || keys > MOST_KEYS) {
      unfit("KeyCount", client, "has %d keys instead of 1 to %d".formatted(keys, MOST_KEYS));
      return;
    }
    for (var index = 0; index < lines.size(); index++) {
      if (!lines.get(index).isEmpty()) {
        readKey(client, index + 1, lines.get(index));
      }
    }
  }

  private void readKey(String client, int line, String key) {
    var place = client + ", line " + line;
    if (key.length() < SHORTEST || key.length() > LONGEST) {
      unfit(
          "KeyLength", place, "is not from %d to %d characters long".formatted(SHORTEST, LONGEST));
    } else if (!CHARACTERS.matcher(key).matches()) {
      unfit("KeyCharacters", place, "has other characters than letters, digits and -._~+/=");
    } else if (key.chars().distinct().count() < DIFFERENT) {
      unfit("KeyWeak", place, "has fewer than %d different characters".formatted(DIFFERENT));
    } else {
      entries.add(new Entry(client, digest(key)));
    }
  }

  private void unfit(String reason, String place, String what) {
    faults.add(new Fault(reason, "Secret %s, %s, %s.".formatted(secret, place, what)));
  }

  private static String digest(String key) {
    try {
      var sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(key.getBytes(ISO_8859_1)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
