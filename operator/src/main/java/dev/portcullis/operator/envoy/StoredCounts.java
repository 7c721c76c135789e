package dev.portcullis.operator.envoy;

import com.google.protobuf.UInt64Value;
import io.envoyproxy.envoy.config.route.v3.RateLimit;
import io.envoyproxy.envoy.config.route.v3.RateLimit.Action;
import io.envoyproxy.envoy.config.route.v3.RateLimit.Action.GenericKey;
import io.envoyproxy.envoy.config.route.v3.RateLimit.HitsAddend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Which counts of the store a request goes to. The service knows three lengths of interval, and of
 * each that {@link #WHOLE} may be spent in it; a request costs its part of that. So what a limit is
 * stands here alone, and the service's configuration never changes.
 *
 * @param account of the backend, which no other backend can name
 */
record StoredCounts(String account, dev.portcullis.operator.intent.RateLimit limit) {

  /** The chart says the same to the service. */
  private static final int WHOLE = 1_000_000_000;

  /** For each way in which the route's requests may be counted. */
  List<RateLimit> of(String route) {
    return new Counts(limit)
        .ofClientsOf(route).stream()
            .map(
                way ->
                    RateLimit.newBuilder()
                        .addActions(generic("length", length(limit.interval())))
                        .addActions(generic("account", account))
                        .addActions(generic("limit", nameOn(route)))
                        .addAllActions(inOrder(way.subList(1, way.size())))
                        .setHitsAddend(
                            HitsAddend.newBuilder()
                                .setNumber(UInt64Value.of(WHOLE / limit.requests())))
                        .build())
            .toList();
  }

  private static String length(Duration interval) {
    return switch ((int) interval.toSeconds()) {
      case 1 -> "second";
      case 60 -> "minute";
      case 3600 -> "hour";
      default -> throw new IllegalArgumentException("no store counts by " + interval);
    };
  }

  private String nameOn(String route) {
    return switch (limit.reach()) {
      case BACKEND -> limit.name();
      case ROUTE -> route + "/" + limit.name();
    };
  }

  /**
   * The address, then what there is, then what there is not: the service looks descriptors up key
   * by key, and so has few orders to know.
   */
  private static List<Action> inOrder(List<Action> way) {
    var address = new ArrayList<Action>();
    var there = new ArrayList<Action>();
    var missing = new ArrayList<Action>();
    for (var action : way) {
      switch (action.getActionSpecifierCase()) {
        case MASKED_REMOTE_ADDRESS -> address.add(action);
        case HEADER_VALUE_MATCH -> missing.add(keyed(action, "without" + (missing.size() + 1)));
        default -> there.add(keyed(action, "key" + (there.size() + 1)));
      }
    }
    address.addAll(there);
    address.addAll(missing);
    return address;
  }

  private static Action keyed(Action action, String key) {
    var keyed = action.toBuilder();
    switch (action.getActionSpecifierCase()) {
      case GENERIC_KEY -> keyed.getGenericKeyBuilder().setDescriptorKey(key);
      case REQUEST_HEADERS -> keyed.getRequestHeadersBuilder().setDescriptorKey(key);
      case METADATA -> keyed.getMetadataBuilder().setDescriptorKey(key);
      case HEADER_VALUE_MATCH -> keyed.getHeaderValueMatchBuilder().setDescriptorKey(key);
      default -> throw new IllegalArgumentException("unknown kind of count: " + action);
    }
    return keyed.build();
  }

  private static Action generic(String key, String value) {
    return Action.newBuilder()
        .setGenericKey(GenericKey.newBuilder().setDescriptorKey(key).setDescriptorValue(value))
        .build();
  }
}
