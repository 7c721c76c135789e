package dev.portcullis.operator.resolve;

import dev.portcullis.operator.resolve.Resolution.Resolved;
import dev.portcullis.operator.resolve.Resolution.Unresolved;
import java.util.List;

/**
 * Reads one policy among its rivals.
 *
 * <p>Applies every default and inheritance, also where the API server's defaulting was bypassed,
 * and refuses what the schema cannot: conflicts, routes that can never match, identities that the
 * installation does not trust. What the schema already refuses is checked again only where a slip
 * would open the gate or break its configuration.
 */
public final class PolicyResolver {

  /** Equal views give equal resolutions. */
  public static Resolution resolve(BackendView view) {
    return Conflict.of(view)
        .<Resolution>map(conflict -> new Unresolved(List.of(conflict)))
        .orElseGet(() -> read(view));
  }

  private static Resolution read(BackendView view) {
    var problems = new Problems();
    var intent = SpecReader.read(view, problems);
    return problems.isEmpty() ? new Resolved(intent) : new Unresolved(problems.found());
  }

  private PolicyResolver() {}
}
