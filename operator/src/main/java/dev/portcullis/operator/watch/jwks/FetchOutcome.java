package dev.portcullis.operator.watch.jwks;

import dev.portcullis.operator.intent.VerificationKey;
import java.util.List;

/** What came of asking one issuer once. */
sealed interface FetchOutcome {

  /**
   * @param keys never empty
   * @param skipped entries of the set that are of no use
   */
  record Fetched(List<VerificationKey> keys, int skipped) implements FetchOutcome {}

  /**
   * @param reason one word for programs
   * @param message a sentence
   */
  record Failed(String reason, String message) implements FetchOutcome {}
}
