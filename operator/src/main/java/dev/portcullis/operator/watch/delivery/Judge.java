package dev.portcullis.operator.watch.delivery;

import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.Epoch;
import dev.portcullis.operator.intent.Tightening;
import dev.portcullis.operator.status.Revocation;
import dev.portcullis.operator.watch.cluster.ObservedPolicy;
import dev.portcullis.operator.watch.delivery.BackendState.Judgement;
import dev.portcullis.operator.watch.delivery.BackendState.LastGood;
import java.util.Optional;

/**
 * Whether a generation took something from a caller. Who saw the one before compares; who did not
 * goes by the policy's status, and where that speaks of an older one, by caution.
 *
 * @param authorities how often connections were cut because a CA was removed
 */
record Judge(ObservedPolicy.Readable policy, int authorities) {

  /**
   * The epoch to publish now. Only what the status tells counts for callers, so that all replicas
   * say the same, after a restart too.
   */
  Epoch inForce() {
    return told().epoch().or(new Epoch(0, authorities));
  }

  Judgement judge(Optional<LastGood> before, BackendIntent intent) {
    var known = before.map(good -> good.judgement().wanted()).orElse(Epoch.FIRST);
    var wanted = inForce().or(known);
    return new Judgement(
        policy.generation(),
        takesAnything(before, intent) ? wanted.or(new Epoch(policy.generation(), 0)) : wanted);
  }

  private boolean takesAnything(Optional<LastGood> before, BackendIntent intent) {
    return before
        .map(good -> new Tightening(good.intent(), intent).takesAnything())
        .orElseGet(this::mayHaveTaken);
  }

  /** An edit that nobody saw may have taken anything. */
  private boolean mayHaveTaken() {
    return !policy.neverInForce()
        && policy.revocation().filter(told -> told.judged() != policy.generation()).isPresent();
  }

  private Revocation told() {
    return policy.revocation().orElse(Revocation.NONE);
  }
}
