package dev.portcullis.operator.envoy;

import com.google.protobuf.UInt32Value;
import dev.portcullis.operator.intent.Call;
import dev.portcullis.operator.intent.Call.Condition;
import dev.portcullis.operator.intent.Call.Methods;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy.RetryBackOff;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy.RetryHostPredicate;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteAction.MaxStreamDuration;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** Every request goes to the one backend; by method it differs which failures are tried again. */
final class CallRoutes {

  private static final List<String> SAFE = List.of("GET", "HEAD", "OPTIONS");
  // Of two pods, each draw hits the same one again with even odds.
  private static final int OTHER_POD_ATTEMPTS = 16;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(25);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(250);

  static RouteConfiguration of(Call call) {
    var all = call.retries().conditions();
    var host = VirtualHost.newBuilder().setName(Calls.name(call)).addDomains("*");
    if (call.retries().methods() == Methods.SAFE) {
      var safe = RouteMatches.anyPath().addHeaders(RouteMatches.method(SAFE));
      host.addRoutes(Route.newBuilder().setName("safe").setMatch(safe).setRoute(to(call, all)));
      all = all.stream().filter(CallRoutes::leavesTheBackendUntouched).toList();
    }
    host.addRoutes(
        Route.newBuilder().setName("any").setMatch(RouteMatches.anyPath()).setRoute(to(call, all)));
    return RouteConfiguration.newBuilder().setName(Calls.name(call)).addVirtualHosts(host).build();
  }

  private static boolean leavesTheBackendUntouched(Condition condition) {
    return switch (condition) {
      case NOT_CONNECTED, REFUSED -> true;
      case BROKEN, UNAVAILABLE -> false;
    };
  }

  private static RouteAction to(Call call, List<Condition> conditions) {
    var request = ProtoDuration.of(call.requestTimeout());
    var action =
        RouteAction.newBuilder()
            .setCluster(Calls.name(call))
            .setTimeout(request)
            .setMaxStreamDuration(
                MaxStreamDuration.newBuilder()
                    .setMaxStreamDuration(request)
                    .setGrpcTimeoutHeaderMax(request));
    if (call.retries().attempts() > 0 && !conditions.isEmpty()) {
      action.setRetryPolicy(retries(call.retries(), conditions));
    }
    return action.build();
  }

  private static RetryPolicy retries(Call.Retries retries, List<Condition> conditions) {
    var policy =
        RetryPolicy.newBuilder()
            .setRetryOn(conditions.stream().map(CallRoutes::word).collect(Collectors.joining(",")))
            .setNumRetries(UInt32Value.of(retries.attempts()))
            .addRetryHostPredicate(anotherPod())
            .setHostSelectionRetryMaxAttempts(OTHER_POD_ATTEMPTS)
            .setRetryBackOff(
                RetryBackOff.newBuilder()
                    .setBaseInterval(ProtoDuration.of(FIRST_PAUSE))
                    .setMaxInterval(ProtoDuration.of(LONGEST_PAUSE)));
    retries.perTry().ifPresent(perTry -> policy.setPerTryTimeout(ProtoDuration.of(perTry)));
    return policy.build();
  }

  private static RetryHostPredicate anotherPod() {
    return RetryHostPredicate.newBuilder()
        .setName("envoy.retry_host_predicates.previous_hosts")
        .setTypedConfig(Packed.any(PreviousHostsPredicate.getDefaultInstance()))
        .build();
  }

  private static String word(Condition condition) {
    return switch (condition) {
      case NOT_CONNECTED -> "connect-failure";
      case REFUSED -> "refused-stream";
      case BROKEN -> "reset";
      // The last is gRPC's.
      case UNAVAILABLE -> "gateway-error,unavailable";
    };
  }

  private CallRoutes() {}
}
