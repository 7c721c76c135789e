package dev.portcullis.operator.envoy;

import com.google.protobuf.Struct;
import com.google.protobuf.util.Values;
import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.RateLimit.Outage;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.config.core.v3.GrpcService.EnvoyGrpc;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.ratelimit.v3.RateLimitServiceConfig;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.extensions.filters.http.ratelimit.v3.RateLimit;
import io.envoyproxy.envoy.extensions.filters.http.ratelimit.v3.RateLimitPerRoute;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.type.v3.HttpStatus;
import io.envoyproxy.envoy.type.v3.StatusCode;
import java.time.Duration;
import java.util.List;

/**
 * Has requests counted for all pods together. Two filters, for whether requests pass while nobody
 * counts is said of a whole filter; one that no limit needs is not there.
 */
final class StoredRates implements Feature {

  /** The service says of each answer how it counted. The application's clients are not told. */
  static final List<String> ANSWERS =
      List.of(
          "x-portcullis-rate-limit", "x-portcullis-rate-remaining", StoredRates.SECONDS_TO_WAIT);

  private static final String SECONDS_TO_WAIT = "x-portcullis-rate-reset";

  private static final String DOMAIN = "portcullis";
  // Of a request's time at most. A store on the same network answers within one or two.
  private static final Duration PATIENCE = Duration.ofMillis(250);
  // Routes have none of it: each brings its counts itself.
  private static final int STAGE_OF_NOBODY = 10;
  private static final String POLICIES = "policies";

  @Override
  public void onHttp(BackendIntent intent, HttpConnectionManager.Builder http) {
    intent
        .outages()
        .sorted()
        .forEach(outage -> http.addHttpFilters(Packed.filter(name(outage), filter(outage))));
  }

  @Override
  public void onRoute(BackendIntent intent, Endpoint endpoint, Route.Builder route) {
    intent.outages().forEach(outage -> count(intent, endpoint, outage, route));
  }

  /** Where the service is; empty where no limit asks it. */
  static List<Cluster> clusters(BackendIntent intent) {
    return intent.outages().findAny().stream().map(_ -> RateServiceCluster.of(intent)).toList();
  }

  private static void count(
      BackendIntent intent, Endpoint endpoint, Outage outage, Route.Builder route) {
    var limits = limitsOf(endpoint, outage);
    if (limits.isEmpty()) {
      return;
    }
    var account = Account.of(intent);
    var counts = RateLimitPerRoute.newBuilder();
    limits.forEach(
        limit -> counts.addAllRateLimits(new StoredCounts(account, limit).of(endpoint.name())));
    route.putTypedPerFilterConfig(name(outage), Packed.any(counts.build()));
    route
        .getMetadataBuilder()
        .putFilterMetadata(
            name(outage),
            Struct.newBuilder().putFields(POLICIES, Values.of(Buckets.policies(limits))).build());
  }

  private static List<dev.portcullis.operator.intent.RateLimit> limitsOf(
      Endpoint endpoint, Outage outage) {
    return endpoint instanceof Endpoint.Known(var route)
        ? route.rateLimits().stream()
            .filter(limit -> limit.inStore().filter(outage::equals).isPresent())
            .toList()
        : List.of();
  }

  private static String name(Outage outage) {
    return switch (outage) {
      case REFUSE -> FilterNames.STORED_RATE_LIMIT;
      case ALLOW -> FilterNames.LENIENT_RATE_LIMIT;
    };
  }

  private static RateLimit filter(Outage outage) {
    return RateLimit.newBuilder()
        .setDomain(DOMAIN)
        .setStage(STAGE_OF_NOBODY)
        .setTimeout(ProtoDuration.of(PATIENCE))
        .setFailureModeDeny(outage == Outage.REFUSE)
        .setStatusOnError(HttpStatus.newBuilder().setCode(StatusCode.ServiceUnavailable))
        .setRateLimitedAsResourceExhausted(true)
        .setDisableXEnvoyRatelimitedHeader(true)
        .setStatPrefix(name(outage))
        .addResponseHeadersToAdd(header("retry-after", "%RESP(" + SECONDS_TO_WAIT + ")%"))
        .addResponseHeadersToAdd(
            header(
                RateLimits.POLICY_HEADER,
                "%%METADATA(ROUTE:%s:%s)%%".formatted(name(outage), POLICIES)))
        .setRateLimitService(service())
        .build();
  }

  private static RateLimitServiceConfig.Builder service() {
    return RateLimitServiceConfig.newBuilder()
        .setTransportApiVersion(ApiVersion.V3)
        .setGrpcService(
            GrpcService.newBuilder()
                .setEnvoyGrpc(EnvoyGrpc.newBuilder().setClusterName(RateServiceCluster.NAME)));
  }

  private static HeaderValueOption header(String name, String format) {
    return HeaderValueOption.newBuilder()
        .setHeader(HeaderValue.newBuilder().setKey(name).setValue(format))
        .build();
  }
}
