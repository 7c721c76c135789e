package dev.portcullis.operator.watch.jwks;

import dev.portcullis.operator.watch.lead.Term;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** Asks issuers and stores what they say, while this replica leads. */
public final class KeySetKeeper implements Term {

  /**
   * What it is made of; all of it lives as long as the operator.
   *
   * @param clock for people; a jump of it changes no pace
   * @param nanos like {@link System#nanoTime}, for the pace
   * @param leads whether this replica may write now
   */
  public record Parts(
      HeldKeySets sets,
      KeySetFetcher fetcher,
      KeySetMetrics metrics,
      InstantSource clock,
      LongSupplier nanos,
      BooleanSupplier leads) {}

  private final Parts parts;
  private volatile Optional<KeySetLoop> loop = Optional.empty();

  public KeySetKeeper(Parts parts) {
    this.parts = parts;
    parts.sets().policies().onChange((_, _) -> loop.ifPresent(KeySetLoop::lookSoon));
  }

  @Override
  public synchronized void begin() {
    end();
    if (!parts.sets().hosts().isEmpty()) {
      var begun = new KeySetLoop(parts);
      loop = Optional.of(begun);
      begun.start();
    }
  }

  @Override
  public synchronized void end() {
    loop.ifPresent(KeySetLoop::close);
    loop = Optional.empty();
    parts.metrics().clear();
  }
}
