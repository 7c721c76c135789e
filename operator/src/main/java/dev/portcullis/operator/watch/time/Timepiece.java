package dev.portcullis.operator.watch.time;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * A clock for certificates. It shows the API server's time where this machine's clock differs from
 * it, and says when neither should be relied on: after a jump, and while the two disagree widely.
 * Safe for use by many threads.
 */
public final class Timepiece extends Clock {

  /** What a clock may be wrong by, without harm to any certificate. */
  public static final Duration TOLERATED = Duration.ofMinutes(5);

  /** How long a clock that has jumped must go evenly before it is relied on again. */
  public static final Duration SETTLING = Duration.ofMinutes(10);

  /** The API server tells whole seconds, and some time after it was asked. */
  private static final Duration EVEN = Duration.ofSeconds(2);

  /** How long what the API server told is good for. */
  private static final Duration FRESH = Duration.ofMinutes(10);

  private final Clock own;
  private final LongSupplier nanos;
  private volatile Optional<Reading> heard = Optional.empty();
  private volatile Optional<Reading> shown = Optional.empty();
  private volatile Optional<Jump> jump = Optional.empty();

  /** A moment, and when it was that. */
  private record Reading(Instant instant, long at) {}

  private record Jump(Duration by, long at) {}

  /**
   * @param own this machine's clock
   * @param nanos a clock like {@link System#nanoTime}, which never jumps
   */
  public Timepiece(Clock own, LongSupplier nanos) {
    this.own = own;
    this.nanos = nanos;
  }

  public static Timepiece system() {
    return new Timepiece(Clock.systemUTC(), System::nanoTime);
  }

  /** The API server's time, as long as it is known and this machine's is another one. */
  @Override
  public Instant instant() {
    var mine = own.instant();
    return skew(mine).filter(skew -> skew.abs().compareTo(EVEN) > 0).map(mine::minus).orElse(mine);
  }

  /** Goes evenly, whatever becomes of the clocks; its origin means nothing. */
  public long nanos() {
    return nanos.getAsLong();
  }

  /** How far this machine's clock is ahead of the API server's; empty while that is not known. */
  public Optional<Duration> skew() {
    return skew(own.instant());
  }

  /**
   * Takes note of what the API server said just now. To be called every minute or so, with nothing
   * when it did not say: jumps are noticed here.
   */
  public synchronized void look(Optional<Instant> apiServer) {
    var now = nanos.getAsLong();
    apiServer.ifPresent(instant -> heard = Optional.of(new Reading(instant, now)));
    var showing = new Reading(instant(), now);
    shown
        .map(before -> between(before, showing))
        .filter(by -> by.abs().compareTo(TOLERATED) > 0)
        .ifPresent(by -> jump = Optional.of(new Jump(by, now)));
    shown = Optional.of(showing);
  }

  /** Why nothing that cannot be undone should be done by this clock now; a sentence. */
  public Optional<String> doubt() {
    if (shown.isEmpty()) {
      return Optional.of("The API server has not been asked for its time yet.");
    }
    return skew()
        .filter(skew -> skew.abs().compareTo(TOLERATED) > 0)
        .map(skew -> "This replica's clock is %s the API server's.".formatted(apart(skew)))
        .or(this::unsettled);
  }

  private Optional<String> unsettled() {
    return jump.filter(last -> nanos.getAsLong() - last.at < SETTLING.toNanos())
        .map(
            last ->
                "The clock has jumped by %s; it is relied on again when it has gone evenly for %d min."
                    .formatted(last.by.truncatedTo(ChronoUnit.SECONDS), SETTLING.toMinutes()));
  }

  private Optional<Duration> skew(Instant mine) {
    var now = nanos.getAsLong();
    return heard
        .filter(reading -> now - reading.at < FRESH.toNanos())
        .map(reading -> Duration.between(reading.instant.plusNanos(now - reading.at), mine));
  }

  private static Duration between(Reading before, Reading after) {
    var expected = before.instant.plusNanos(after.at - before.at);
    return Duration.between(expected, after.instant);
  }

  private static String apart(Duration skew) {
    return skew.isNegative()
        ? skew.abs().toMinutes() + " min behind"
        : skew.toMinutes() + " min ahead of";
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  /** Zones are for people; there are none here. */
  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
