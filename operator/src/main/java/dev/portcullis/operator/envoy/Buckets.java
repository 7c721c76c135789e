package dev.portcullis.operator.envoy;

import com.google.protobuf.BoolValue;
import com.google.protobuf.UInt32Value;
import dev.portcullis.operator.envoy.schema.ratelimit.LocalRateLimit;
import dev.portcullis.operator.intent.RateLimit;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.RuntimeFractionalPercent;
import io.envoyproxy.envoy.config.route.v3.RateLimit.Action;
import io.envoyproxy.envoy.config.route.v3.RateLimit.Action.GenericKey;
import io.envoyproxy.envoy.config.route.v3.RateLimit.Action.RemoteAddress;
import io.envoyproxy.envoy.extensions.common.ratelimit.v3.LocalRateLimitDescriptor;
import io.envoyproxy.envoy.extensions.common.ratelimit.v3.RateLimitDescriptor;
import io.envoyproxy.envoy.extensions.common.ratelimit.v3.XRateLimitHeadersRFCVersion;
import io.envoyproxy.envoy.type.v3.FractionalPercent;
import io.envoyproxy.envoy.type.v3.TokenBucket;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** Token buckets: one of each limit for each client address. */
final class Buckets {

  private static final String LIMIT_KEY = "limit";
  private static final String ADDRESS_KEY = "remote_address";
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
    limits.forEach(limit -> buckets.addDescriptors(perAddress(limit)));
    return buckets;
  }

  /** A request counts against this limit under its client's address. */
  static io.envoyproxy.envoy.config.route.v3.RateLimit counted(RateLimit limit) {
    var name = GenericKey.newBuilder().setDescriptorKey(LIMIT_KEY).setDescriptorValue(limit.name());
    return io.envoyproxy.envoy.config.route.v3.RateLimit.newBuilder()
        .addActions(Action.newBuilder().setGenericKey(name))
        .addActions(Action.newBuilder().setRemoteAddress(RemoteAddress.getDefaultInstance()))
        .build();
  }

  private static LocalRateLimitDescriptor perAddress(RateLimit limit) {
    return LocalRateLimitDescriptor.newBuilder()
        .addEntries(entry(LIMIT_KEY).setValue(limit.name()))
        // No value: any address, each with a bucket of its own.
        .addEntries(entry(ADDRESS_KEY))
        .setTokenBucket(bucket(limit))
        .build();
  }

  private static RateLimitDescriptor.Entry.Builder entry(String key) {
    return RateLimitDescriptor.Entry.newBuilder().setKey(key);
  }

  /** nginx lets the burst pass and the request that is due, hence one more. */
  private static TokenBucket bucket(RateLimit limit) {
    var scale =
        Math.max(1, Math.ceilDiv(LEAST_FILL_INTERVAL.toNanos(), limit.interval().toNanos()));
    return TokenBucket.newBuilder()
        .setMaxTokens(limit.burst() + 1)
        .setTokensPerFill(UInt32Value.of(Math.toIntExact(limit.requests() * scale)))
        .setFillInterval(ProtoDuration.of(limit.interval().multipliedBy(scale)))
        .build();
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

  private static HeaderValueOption policyHeader(List<RateLimit> limits) {
    var value = limits.stream().map(Buckets::policy).collect(Collectors.joining(", "));
    return HeaderValueOption.newBuilder()
        .setHeader(
            HeaderValue.newBuilder()
                .setKey(RateLimits.POLICY_HEADER)
                .setValue(FormatText.literal(value)))
        .build();
  }

  /** As the IETF's RateLimit header fields say it: a quota over a window of whole seconds. */
  private static String policy(RateLimit limit) {
    var window = Math.ceilDiv(limit.interval().toNanos(), NANOS_PER_SECOND);
    var quota = limit.requests() * (window * NANOS_PER_SECOND / limit.interval().toNanos());
    return "\"" + limit.name() + "\";q=" + quota + ";w=" + window;
  }

  private Buckets() {}
}
