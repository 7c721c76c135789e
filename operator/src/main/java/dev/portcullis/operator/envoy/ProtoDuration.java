package dev.portcullis.operator.envoy;

import com.google.protobuf.util.Durations;
import java.time.Duration;

/** The JDK's durations as protobuf's. */
final class ProtoDuration {

  static com.google.protobuf.Duration of(Duration duration) {
    return Durations.fromNanos(duration.toNanos());
  }

  private ProtoDuration() {}
}
