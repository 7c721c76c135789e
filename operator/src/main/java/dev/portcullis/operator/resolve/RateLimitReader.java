package dev.portcullis.operator.resolve;

import static dev.portcullis.operator.resolve.Given.or;

import dev.portcullis.api.v1alpha1.Defaults;
import dev.portcullis.api.v1alpha1.RateLimitSpec;
import dev.portcullis.operator.intent.RateLimit;
import dev.portcullis.operator.intent.RateLimit.Reach;
import dev.portcullis.operator.intent.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** {@code rateLimits} of the policy and of its routes. */
final class RateLimitReader {

  /** Envoy refuses to fill a bucket more often. */
  private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(50);

  private static final int MAX_TRACKED = 100_000;

  /** About 100 MB in each sidecar, at 405 bytes a client. */
  private static final int MAX_TRACKED_IN_ALL = 250_000;

  static List<RateLimit> readShared(List<RateLimitSpec> limits, At at) {
    return read(limits, Reach.BACKEND, at);
  }

  /** The route's own first, then the shared ones. */
  static List<RateLimit> read(List<RateLimitSpec> limits, List<RateLimit> shared, At at) {
    var result = new ArrayList<>(read(limits, Reach.ROUTE, at));
    for (var own : result) {
      if (shared.stream().anyMatch(each -> each.name().equals(own.name()))) {
        at.invalid("Use another name than '%s', which spec.rateLimits has taken.", own.name());
      }
    }
    result.addAll(shared);
    return result;
  }

  /** Counts each route's own limits and the shared ones once. */
  static void requireMemory(List<Route> routes, At at) {
    var own =
        routes.stream()
            .flatMap(route -> route.rateLimits().stream())
            .filter(limit -> limit.reach() == Reach.ROUTE)
            .mapToLong(RateLimit::trackedClients)
            .sum();
    var shared =
        routes.stream()
            .flatMap(route -> route.rateLimits().stream())
            .filter(limit -> limit.reach() == Reach.BACKEND)
            .distinct()
            .mapToLong(RateLimit::trackedClients)
            .sum();
    if (own + shared > MAX_TRACKED_IN_ALL) {
      at.invalid(
          "Lower trackedClients: all rate limits together track %d clients, at most %d fit in a"
              + " sidecar.",
          own + shared, MAX_TRACKED_IN_ALL);
    }
  }

  private static List<RateLimit> read(List<RateLimitSpec> limits, Reach reach, At at) {
    var result = new ArrayList<RateLimit>();
    for (var index = 0; index < limits.size(); index++) {
      result.add(read(limits.get(index), reach, at.item(index)));
    }
    Names.requireUnique(result.stream().map(RateLimit::name).toList(), at);
    return result;
  }

  private static RateLimit read(RateLimitSpec limit, Reach reach, At at) {
    var interval =
        Amounts.duration(at.field("interval"), or(limit.interval(), Defaults.RATE_INTERVAL));
    if (interval.compareTo(SHORTEST_INTERVAL) < 0) {
      at.field("interval").invalid("Choose 50ms or longer, with proportionally more requests.");
    }
    return new RateLimit(
        Names.read(limit.name(), at.field("name")),
        between(1, limit.requests(), Integer.MAX_VALUE, at.field("requests")),
        interval,
        between(
            0, or(limit.burst(), Defaults.RATE_BURST), Integer.MAX_VALUE - 1, at.field("burst")),
        trackedClients(limit, at.field("trackedClients")),
        reach);
  }

  private static int trackedClients(RateLimitSpec limit, At at) {
    return between(1, or(limit.trackedClients(), Defaults.TRACKED_CLIENTS), MAX_TRACKED, at);
  }

  private static int between(int least, Integer value, int most, At at) {
    if (value == null || value < least || value > most) {
      at.invalid("Choose a number from %d to %d.", least, most);
      return least;
    }
    return value;
  }

  private RateLimitReader() {}
}
