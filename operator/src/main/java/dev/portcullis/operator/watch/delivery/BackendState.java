package dev.portcullis.operator.watch.delivery;

import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.BackendKey;
import dev.portcullis.operator.intent.Epoch;
import dev.portcullis.operator.intent.Inbound.Capture;
import dev.portcullis.operator.xds.PublishOutcome;
import java.util.Map;
import java.util.Optional;

/**
 * What this replica made of a policy.
 *
 * @param uid of the policy object: one that is made anew under an old name inherits nothing
 * @param generation the generation that all of this speaks of
 * @param outcomes what became of the configuration, per way of capture in use
 * @param lastGood what is in force: of this generation, or of an earlier one if this one was
 *     refused
 */
public record BackendState(
    BackendKey key,
    String uid,
    long generation,
    Reading reading,
    Map<Capture, PublishOutcome> outcomes,
    Optional<LastGood> lastGood) {

  /**
   * A configuration that was published.
   *
   * @param versions content version per way of capture
   * @param epoch as it is in force
   * @param judgement what it took away
   */
  public record LastGood(
      BackendIntent intent, Map<Capture, String> versions, Epoch epoch, Judgement judgement) {
    public LastGood {
      versions = Map.copyOf(versions);
    }
  }

  /**
   * Of one generation, against those before it.
   *
   * @param wanted the epoch that must be in force; it is once the policy's status says so, from
   *     which every replica reads it
   */
  public record Judgement(long generation, Epoch wanted) {}

  public BackendState {
    outcomes = Map.copyOf(outcomes);
  }
}
