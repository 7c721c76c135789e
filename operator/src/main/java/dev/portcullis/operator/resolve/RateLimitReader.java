package dev.portcullis.operator.resolve;

import static dev.portcullis.operator.resolve.Given.or;

import dev.portcullis.api.v1alpha1.Defaults;
import dev.portcullis.api.v1alpha1.RateLimitSpec;
import dev.portcullis.operator.intent.ApiKeys;
import dev.portcullis.operator.intent.Mesh;
import dev.portcullis.operator.intent.RateLimit;
import dev.portcullis.operator.intent.RateLimit.Key;
import dev.portcullis.operator.intent.RateLimit.Outage;
import dev.portcullis.operator.intent.RateLimit.Reach;
import dev.portcullis.operator.intent.Route;
import dev.portcullis.operator.intent.Shadow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code rateLimits} of the policy and of its routes.
 *
 * @param servingPods that divide a workload's rates
 * @param mesh whose store counts those of the fleet
 */
record RateLimitReader(int servingPods, Mesh mesh) {

  /** The store counts by these. */
  private static final List<Duration> STORED_INTERVALS =
      List.of(Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofHours(1));

  /** Envoy refuses to fill a bucket more often. */
  private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(50);

  private static final int MAX_TRACKED = 100_000;

  /** About 100 MB in each sidecar, at 405 bytes a client. */
  private static final int MAX_TRACKED_IN_ALL = 250_000;

  List<RateLimit> readShared(List<RateLimitSpec> limits, At at) {
    return read(limits, Reach.BACKEND, at);
  }

  /** The route's own first, then the shared ones. */
  List<RateLimit> read(List<RateLimitSpec> limits, List<RateLimit> shared, At at) {
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

  /** The store has one count, and refuses by it: what denies nobody would use it up. */
  static void requireEnforced(List<Route> routes, Optional<Shadow> shadow, At at) {
    for (var route : routes) {
      if (shadow.filter(some -> some.covers(route)).isPresent()) {
        route.rateLimits().stream()
            .filter(limit -> !limit.isOfSidecars())
            .forEach(
                limit ->
                    at.invalid(
                        "Count '%s' by scope Pod or Workload while mode is Shadow, or enforce route"
                            + " '%s': the store cannot count without refusing.",
                        limit.name(), route.name()));
      }
    }
  }

  /** Where nobody looks at a token or key, all would count together; the key itself is no count. */
  static void requireProved(Route route, ProofReader proofs, At at) {
    for (var limit : route.rateLimits()) {
      var per = limit.per();
      if (!tokensCount(limit, route, proofs)
          && per.stream().anyMatch(Key.Claim.class::isInstance)) {
        at.invalid("Ask for a token, or count '%s' by something else.", limit.name());
      }
      if (!keysCount(limit, route, proofs) && per.contains(new Key.Client())) {
        at.invalid("Ask for a key, or count '%s' by something else.", limit.name());
      }
      proofs
          .keys()
          .map(ApiKeys::header)
          .filter(name -> per.contains(new Key.Header(name)))
          .ifPresent(
              name -> at.invalid("Count '%s' by ApiKey: '%s' is the key.", limit.name(), name));
    }
  }

  private static boolean tokensCount(RateLimit limit, Route route, ProofReader proofs) {
    return switch (limit.reach()) {
      case ROUTE -> route.proof().tokenRule().isPresent();
      case BACKEND -> !proofs.tokens().issuers().isEmpty();
    };
  }

  private static boolean keysCount(RateLimit limit, Route route, ProofReader proofs) {
    return switch (limit.reach()) {
      case ROUTE -> route.proof().keyRule().isPresent();
      case BACKEND -> proofs.keys().isPresent();
    };
  }

  private List<RateLimit> read(List<RateLimitSpec> limits, Reach reach, At at) {
    var result = new ArrayList<RateLimit>();
    for (var index = 0; index < limits.size(); index++) {
      result.add(read(limits.get(index), reach, at.item(index)));
    }
    Names.requireUnique(result.stream().map(RateLimit::name).toList(), at);
    return result;
  }

  private RateLimit read(RateLimitSpec limit, Reach reach, At at) {
    var interval =
        Amounts.duration(at.field("interval"), or(limit.interval(), Defaults.RATE_INTERVAL));
    if (interval.compareTo(SHORTEST_INTERVAL) < 0) {
      at.field("interval").invalid("Choose 50ms or longer, with proportionally more requests.");
    }
    return new RateLimit(
        Names.read(limit.name(), at.field("name")),
        keys(limit, at),
        between(1, limit.requests(), Integer.MAX_VALUE, at.field("requests")),
        interval,
        between(
            0, or(limit.burst(), Defaults.RATE_BURST), Integer.MAX_VALUE - 1, at.field("burst")),
        trackedClients(limit, at.field("trackedClients")),
        reach,
        dividedAmong(limit),
        inStore(limit, interval, at));
  }

  private Optional<Outage> inStore(RateLimitSpec limit, Duration interval, At at) {
    if (scope(limit) != RateLimitSpec.Scope.Fleet) {
      if (limit.onOutage() != null) {
        at.field("onOutage").invalid("Leave it out, or choose scope Fleet.");
      }
      return Optional.empty();
    }
    if (mesh.rateService().isEmpty()) {
      at.field("scope")
          .invalid(
              "Choose Pod or Workload, or have the chart installed with rateLimit.fleet.enabled: this"
                  + " installation has no store.");
    }
    if (!STORED_INTERVALS.contains(interval)) {
      at.field("interval").invalid("Choose 1s, 1m or 1h with scope Fleet.");
    }
    if (or(limit.burst(), Defaults.RATE_BURST) != 0) {
      at.field("burst").invalid("Leave it out with scope Fleet.");
    }
    return Optional.of(
        switch (or(limit.onOutage(), RateLimitSpec.Outage.Refuse)) {
          case Refuse -> Outage.REFUSE;
          case Allow -> Outage.ALLOW;
        });
  }

  private static RateLimitSpec.Scope scope(RateLimitSpec limit) {
    return or(limit.scope(), RateLimitSpec.Scope.valueOf(Defaults.RATE_SCOPE));
  }

  /** By one while none serves: no rate is more than the whole. */
  private Optional<Integer> dividedAmong(RateLimitSpec limit) {
    return switch (scope(limit)) {
      case Pod, Fleet -> Optional.empty();
      case Workload -> Optional.of(Math.max(1, servingPods));
    };
  }

  private static List<Key> keys(RateLimitSpec limit, At at) {
    if (limit.header() != null && !limit.per().contains(RateLimitSpec.Key.Header)) {
      at.field("header").invalid("Add Header to 'per', or leave 'header' out.");
    }
    if (limit.claim() != null && !limit.per().contains(RateLimitSpec.Key.Claim)) {
      at.field("claim").invalid("Add Claim to 'per', or leave 'claim' out.");
    }
    return limit.per().stream().distinct().map(key -> key(key, limit, at)).toList();
  }

  private static Key key(RateLimitSpec.Key key, RateLimitSpec limit, At at) {
    return switch (key) {
      case ClientIP -> new Key.ClientAddress();
      case Caller -> new Key.CallerIdentity();
      case Route -> new Key.OfRoute();
      case Header -> new Key.Header(header(limit.header(), at.field("header")));
      case Claim -> new Key.Claim(claim(limit.claim(), at.field("claim")));
      case ApiKey -> new Key.Client();
    };
  }

  private static String header(String name, At at) {
    if (name == null) {
      at.invalid("Name the header that 'per' counts by.");
      return "unnamed";
    }
    var lowerCase = name.toLowerCase(Locale.ROOT);
    HeaderNames.requireAllowed(lowerCase, at);
    HeaderNames.requireKept(lowerCase, at);
    return lowerCase;
  }

  private static String claim(String name, At at) {
    if (name == null) {
      at.invalid("Name the claim that 'per' counts by.");
      return "unnamed";
    }
    IssuerReader.requireClaimName(name, at);
    return name;
  }

  /** None in a sidecar where the store counts. */
  private static int trackedClients(RateLimitSpec limit, At at) {
    return scope(limit) == RateLimitSpec.Scope.Fleet
        ? 0
        : between(1, or(limit.trackedClients(), Defaults.TRACKED_CLIENTS), MAX_TRACKED, at);
  }

  private static int between(int least, Integer value, int most, At at) {
    if (value == null || value < least || value > most) {
      at.invalid("Choose a number from %d to %d.", least, most);
      return least;
    }
    return value;
  }
}
