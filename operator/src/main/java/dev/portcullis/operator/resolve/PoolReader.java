package dev.portcullis.operator.resolve;

import static dev.portcullis.operator.resolve.Given.or;

import dev.portcullis.api.v1alpha1.BackendLimitsSpec;
import dev.portcullis.api.v1alpha1.Defaults;
import dev.portcullis.operator.intent.Application.Pool;
import java.util.Optional;

/** {@code spec.backend.limits}. */
final class PoolReader {

  private static final BackendLimitsSpec NOTHING =
      new BackendLimitsSpec(null, null, null, null, null, null);

  static Pool read(BackendLimitsSpec limits, At at) {
    var given = or(limits, NOTHING);
    var idle = or(given.connectionIdle(), Defaults.APP_CONNECTION_IDLE);
    return new Pool(
        atLeastOne(or(given.connections(), Defaults.APP_CONNECTIONS), at.field("connections")),
        atLeastOne(or(given.pendingRequests(), Defaults.APP_PENDING), at.field("pendingRequests")),
        atLeastOne(or(given.requests(), Defaults.APP_REQUESTS), at.field("requests")),
        Amounts.duration(at.field("connectionIdle"), idle),
        Optional.ofNullable(given.connectionRequests())
            .map(requests -> atLeastOne(requests, at.field("connectionRequests"))),
        atLeastOne(or(given.webSockets(), Defaults.APP_WEB_SOCKETS), at.field("webSockets")));
  }

  /** None at all would be a gate that lets nothing through. */
  private static int atLeastOne(int number, At at) {
    if (number < 1) {
      at.invalid("Choose 1 or more.");
      return 1;
    }
    return number;
  }

  private PoolReader() {}
}
