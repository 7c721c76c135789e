package dev.portcullis.operator.intent;

import java.time.Duration;
import java.util.List;

/** What of a gate denies nothing: what it would have denied is let through and counted. */
public sealed interface Shadow {

  /** Names of the routes that deny nothing, in the order in which they decide. */
  List<String> routes();

  /** Single routes; what is of no route is denied. */
  record OfRoutes(List<String> routes) implements Shadow {
    public OfRoutes {
      routes = List.copyOf(routes);
    }
  }

  /**
   * The policy: what is of no route, and all routes but those that are excepted.
   *
   * @param requestTimeout of what is of no route
   */
  record OfPolicy(List<String> routes, Duration requestTimeout) implements Shadow {
    public OfPolicy {
      routes = List.copyOf(routes);
    }
  }

  default boolean covers(Route route) {
    return routes().contains(route.name());
  }
}
