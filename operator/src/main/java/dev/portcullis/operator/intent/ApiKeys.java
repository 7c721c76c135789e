package dev.portcullis.operator.intent;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Keys of clients, by their digests: nothing behind the reading of the Secrets knows a key itself.
 *
 * @param header that a request shows its key in, in lower case
 * @param clientHeader that tells the application whose key it was, in lower case
 * @param clients by the SHA-256 of a key, in lower-case hexadecimals, whose it is
 * @param faults what of the Secrets cannot be used; what hangs on it is closed
 */
public record ApiKeys(
    String header,
    Optional<String> clientHeader,
    KeyFate fate,
    Map<String, String> clients,
    List<Fault> faults) {

  /** What becomes of a key that was looked at. */
  public enum KeyFate {
    REMOVED,
    FORWARDED
  }

  /** A key of a client, found in a Secret. */
  public record Entry(String client, String digest) {}

  /**
   * Something of a Secret that cannot be used.
   *
   * @param reason one word for programs
   * @param message a sentence that names the place and never shows a key
   */
  public record Fault(String reason, String message) {}

  /** What one Secret says, as far as it can be used. */
  public record Found(List<Entry> entries, List<Fault> faults) {
    public Found {
      entries = List.copyOf(entries);
      faults = List.copyOf(faults);
    }
  }

  public ApiKeys {
    clients = Collections.unmodifiableMap(new TreeMap<>(clients));
    faults = List.copyOf(faults);
  }
}
