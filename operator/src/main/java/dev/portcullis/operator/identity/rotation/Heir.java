package dev.portcullis.operator.identity.rotation;

import java.time.Instant;
import java.util.Optional;

/**
 * The CA that will sign next. Its root is published; it signs nothing but the operator's own
 * probes.
 *
 * @param distributed when its root was first seen published; empty until then
 */
public record Heir(
    Generation generation, Kind kind, Cause cause, Instant begun, Optional<Instant> distributed) {

  Heir distributedAt(Instant now) {
    return new Heir(generation, kind, cause, begun, Optional.of(now));
  }
}
