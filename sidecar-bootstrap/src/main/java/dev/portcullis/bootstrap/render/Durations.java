package dev.portcullis.bootstrap.render;

import com.google.protobuf.Duration;

/** Protobuf's durations from plain numbers. */
final class Durations {

  private static final int NANOS_PER_MILLI = 1_000_000;

  private Durations() {}

  static Duration seconds(long seconds) {
    return Duration.newBuilder().setSeconds(seconds).build();
  }

  /** Less than a second. */
  static Duration millis(int millis) {
    return Duration.newBuilder().setNanos(millis * NANOS_PER_MILLI).build();
  }
}
