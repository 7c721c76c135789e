package dev.portcullis.operator.envoy;

import com.google.protobuf.BoolValue;
import com.google.protobuf.UInt32Value;
import dev.portcullis.operator.envoy.schema.ratelimit.LocalRateLimit;
import dev.portcullis.operator.intent.RateLimit;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.RuntimeFractionalPercent;
import io.envoyproxy.envoy.extensions.common.ratelimit.v3.LocalRateLimitDescriptor;
import io.envoyproxy.envoy.extensions.common.ratelimit.v3.XRateLimitHeadersRFCVersion;
import io.envoyproxy.envoy.type.v3.FractionalPercent;
import io.envoyproxy.envoy.type.v3.TokenBucket;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** Token buckets: of each limit one for each client, and one for all clients together. */
final class Buckets {

  // Below it Envoy refuses the bucket.
  private static final Duration LEAST_FILL_INTERVAL = Duration.ofMillis(50);
  private static final long NANOS_PER_SECOND = Duration.ofSeconds(1).toNanos();

  /** Buckets for these limits; which requests count is for the caller to add. */
  static LocalRateLimit.Builder of(String statPrefix, List<RateLimit> limits) {
    var tracked = limits.stream().mapToInt(RateLimit::trackedClients).max().orElseThrow();
    var buckets =
        LocalRateLimit.newBuilder()
            .setStatPrefix(statPrefix)
            .setTokenBucket(unlimited())
            .setAlwaysConsumeDefaultTokenBucket(BoolValue.of(false))
            .setFilterEnabled(always())
            .setFilterEnforced(always())
            // Here and not on the filter: Envoy does not inherit it, and its own 20 let a client
            // start anew after 20 others.
            .setMaxDynamicDescriptors(UInt32Value.of(tracked))
            .setEnableXRatelimitHeaders(XRateLimitHeadersRFCVersion.DRAFT_VERSION_03)
            .setEnableRetryAfterHeader(true)
            .setRateLimitedAsResourceExhausted(true)
            .addResponseHeadersToAdd(policyHeader(limits));
    limits.forEach(limit -> addBuckets(limit, buckets));
    return buckets;
  }

  /**
   * The same ones, which refuse nobody and say nothing to clients: whom they would have refused
   * leaves a mark.
   */
  static LocalRateLimit.Builder counting(String statPrefix, List<RateLimit> limits) {
    var names = limits.stream().map(RateLimit::name).collect(Collectors.joining(","));
    return of(statPrefix, limits)
        .setFilterEnforced(never())
        .clearEnableXRatelimitHeaders()
        .clearEnableRetryAfterHeader()
        .clearResponseHeadersToAdd()
        .addRequestHeadersToAddWhenNotEnforced(ShadowRecord.mark(names));
  }

  /** Does nothing where another configuration would do something. */
  static LocalRateLimit.Builder none() {
    return LocalRateLimit.newBuilder().setStatPrefix("no_limits").setTokenBucket(unlimited());
  }

  private static void addBuckets(RateLimit limit, LocalRateLimit.Builder buckets) {
    var counts = new Counts(limit);
    counts
        .ofOneClient()
        .forEach(
            count ->
                buckets.addDescriptors(
                    LocalRateLimitDescriptor.newBuilder()
                        .addAllEntries(count)
                        .setTokenBucket(bucket(limit, 1))));
    // Envoy forgets the client seen longest ago, who then starts afresh: with this one, nobody who
    // changes addresses gets more than the clients that are counted exactly.
    buckets.addDescriptors(
        LocalRateLimitDescriptor.newBuilder()
            .addAllEntries(counts.ofAllClients())
            .setTokenBucket(bucket(limit, limit.per().isEmpty() ? 1 : limit.trackedClients())));
  }

  /**
   * nginx lets the burst pass and the request that is due, hence one more. A pod's share of a rate
   * is the same number of requests in a longer time, which no rounding changes; of a burst it is
   * one request at least, or nothing would ever pass.
   */
  private static TokenBucket bucket(RateLimit limit, long clients) {
    var interval = limit.interval().multipliedBy(limit.pods());
    var scale = Math.max(1, Math.ceilDiv(LEAST_FILL_INTERVAL.toNanos(), interval.toNanos()));
    var atOnce = Math.max(1, (limit.burst() + 1L) / limit.pods());
    return TokenBucket.newBuilder()
        .setMaxTokens(tokens(clients * atOnce))
        .setTokensPerFill(UInt32Value.of(tokens(clients * limit.requests() * scale)))
        .setFillInterval(ProtoDuration.of(interval.multipliedBy(scale)))
        .build();
  }

  /** More than any sidecar can serve is no limit. */
  private static int tokens(long wanted) {
    return Math.clamp(wanted, 1, Integer.MAX_VALUE);
  }

  /** Envoy demands a bucket for what no descriptor names; every request has one. */
  private static TokenBucket unlimited() {
    return TokenBucket.newBuilder()
        .setMaxTokens(Integer.MAX_VALUE)
        .setTokensPerFill(UInt32Value.of(Integer.MAX_VALUE))
        .setFillInterval(ProtoDuration.of(Duration.ofSeconds(1)))
        .build();
  }

  private static RuntimeFractionalPercent always() {
    return RuntimeFractionalPercent.newBuilder()
        .setDefaultValue(FractionalPercent.newBuilder().setNumerator(100))
        .build();
  }

  private static RuntimeFractionalPercent never() {
    return RuntimeFractionalPercent.newBuilder()
        .setDefaultValue(FractionalPercent.getDefaultInstance())
        .build();
  }

  private static HeaderValueOption policyHeader(List<RateLimit> limits) {
    return HeaderValueOption.newBuilder()
        .setHeader(
            HeaderValue.newBuilder()
                .setKey(RateLimits.POLICY_HEADER)
                .setValue(FormatText.literal(policies(limits))))
        .build();
  }

  /** The value of {@link RateLimits#POLICY_HEADER}. */
  static String policies(List<RateLimit> limits) {
    return limits.stream().map(Buckets::policy).collect(Collectors.joining(", "));
  }

  /** As the IETF's RateLimit header fields say it: a quota over a window of whole seconds. */
  private static String policy(RateLimit limit) {
    var window = Math.ceilDiv(limit.interval().toNanos(), NANOS_PER_SECOND);
    var quota = limit.requests() * (window * NANOS_PER_SECOND / limit.interval().toNanos());
    return "\"" + limit.name() + "\";q=" + quota + ";w=" + window;
  }

  private Buckets() {}
}
