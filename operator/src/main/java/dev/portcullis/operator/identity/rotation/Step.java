package dev.portcullis.operator.identity.rotation;

import dev.portcullis.operator.identity.ProvidedAuthority;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What to do next. Each step but {@link Rest} is one write. */
public sealed interface Step {

  /** Nothing is to be written; {@code waiting} says for what, and for whom. */
  record Rest(Waiting waiting) implements Step {}

  /** Remember that certificates now live longer. */
  record NoteLifetime(Duration longest) implements Step {}

  /** Make the next CA. {@code wish} is granted by it, if there was one. */
  record Prepare(Kind kind, Cause cause, Optional<Granted> wish) implements Step {}

  /** Make what people brought the next CA. */
  record Adopt(ProvidedAuthority authority, Kind kind, Granted wish) implements Step {}

  /** The heir's root is where it must be. */
  record MarkDistributed() implements Step {}

  /** The heir signs from now on. {@code passedOver} did not prove their uptake. */
  record Switch(List<Straggler> passedOver) implements Step {}

  /**
   * Stop trusting a replaced CA.
   *
   * @param passedOver who may still hold certificates of it
   * @param cut when connections that it let in are cut; empty if they may live out their time
   */
  record Retire(int number, List<Straggler> passedOver, Optional<Instant> cut) implements Step {}

  /** Cut the connections that a CA let in which was removed a while ago. */
  record Cut() implements Step {}

  /** Forget the heir. */
  record Abandon() implements Step {}

  /** Make the CA before this one the heir. */
  record Revive(int number) implements Step {}

  /** Taint the present CA and those before it, and make a new root. */
  record Distrust(Granted wish) implements Step {}

  /** A wish, by the text that it was made with. */
  record Granted(Wish wish, String text) {}

  /** What a rotation waits for. */
  sealed interface Waiting {

    /** No rotation is under way. */
    record Nothing() implements Waiting {}

    /** A person has stopped it. */
    record Resumption() implements Waiting {}

    /** The clock may be wrong; {@code why} is a sentence. */
    record Clock(String why) implements Waiting {}

    /** The new root is not everywhere yet. */
    record Publication(List<Straggler> places) implements Waiting {}

    /** Those that cannot be asked get time to take the new root. */
    record Spread(Instant until) implements Waiting {}

    /** Somebody does not accept the new CA yet. */
    record Uptake(List<Straggler> stragglers) implements Waiting {}

    /** Somebody still has, or may have, a certificate of a replaced CA. */
    record Release(int number, Instant until, List<Straggler> stragglers) implements Waiting {}
  }
}
