package dev.portcullis.operator.xds;

import io.grpc.Status;
import java.time.Duration;

/**
 * Ends streams that may not go on: those whose proof of identity ends, and those whose proxy does
 * not read or answer. Wakes those that go on when their secrets are due.
 */
final class StreamSweeper {

  private final StreamContext context;
  private final Duration acknowledgement;

  StreamSweeper(StreamContext context, Duration acknowledgement) {
    this.context = context;
    this.acknowledgement = acknowledgement;
  }

  /** Called about once a second. */
  void sweep() {
    var now = context.clock().instant();
    for (var stream : context.ledger().streams()) {
      if (!now.isBefore(stream.expiry())) {
        stream.end(Status.OK);
      } else if (stream.owesSince().isBefore(now.minus(acknowledgement))) {
        stream.end(Status.DEADLINE_EXCEEDED.withDescription("the proxy does not answer"));
      } else {
        stream.lookAtSecrets();
      }
    }
  }
}
