package dev.portcullis.bootstrap.render;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import dev.portcullis.bootstrap.contract.AppProbe;
import dev.portcullis.bootstrap.contract.EnvoyNames;
import dev.portcullis.bootstrap.contract.ProbePaths;
import dev.portcullis.bootstrap.contract.SidecarPorts;
import io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.http.health_check.v3.HealthCheck;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.type.v3.Percent;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Plain HTTP for the kubelet alone: exact paths, GET and HEAD, no reply but a status. It keeps
 * answering when Envoy refuses everything else, or an overload would restart the application.
 */
final class ProbeListener {

  static final String NAME = "probe";

  private ProbeListener() {}

  static Listener of(SidecarSettings settings) {
    var manager =
        Filter.newBuilder()
            .setName("envoy.filters.network.http_connection_manager")
            .setTypedConfig(
                TypedConfig.of(
                    "envoy.extensions.filters.network.http_connection_manager.v3"
                        + ".HttpConnectionManager",
                    connectionManager(settings.probes())));
    return Listener.newBuilder()
        .setName(NAME)
        .setAddress(Addresses.any(settings.inbound().families(), SidecarPorts.PROBE))
        .setIgnoreGlobalConnLimit(true)
        .setBypassOverloadManager(true)
        .addFilterChains(FilterChain.newBuilder().addFilters(manager))
        .build();
  }

  private static HttpConnectionManager connectionManager(List<AppProbe> probes) {
    return HttpConnectionManager.newBuilder()
        .setStatPrefix(NAME)
        .setCodecType(HttpConnectionManager.CodecType.HTTP1)
        .setUseRemoteAddress(BoolValue.of(true))
        .setSkipXffAppend(true)
        .setGenerateRequestId(BoolValue.of(false))
        .setServerHeaderTransformation(
            HttpConnectionManager.ServerHeaderTransformation.PASS_THROUGH)
        .setRequestHeadersTimeout(Durations.seconds(5))
        .setCommonHttpProtocolOptions(
            HttpProtocolOptions.newBuilder().setIdleTimeout(Durations.seconds(15)))
        .setRouteConfig(ProbeRoutes.of(probes))
        .addAllHttpFilters(filters(probes))
        .build();
  }

  private static List<HttpFilter> filters(List<AppProbe> probes) {
    var own =
        Stream.of(
            answer("started", ProbePaths.STARTED, GateCluster.NAME),
            answer("ready", ProbePaths.READY, EnvoyNames.APP_CLUSTER));
    var ofApp =
        IntStream.range(0, probes.size())
            .filter(index -> isSampled(probes.get(index)))
            .mapToObj(ProbeListener::answerOfApp);
    return Stream.of(own, ofApp, Stream.of(StatusOnly.filter(), router()))
        .flatMap(filters -> filters)
        .toList();
  }

  private static boolean isSampled(AppProbe probe) {
    return switch (probe) {
      case AppProbe.HttpGet http -> false;
      case AppProbe.HttpsGet https -> false;
      case AppProbe.TcpSocket tcp -> true;
      case AppProbe.Grpc grpc -> true;
    };
  }

  private static HttpFilter answerOfApp(int index) {
    return answer("app-" + index, ProbePaths.APP_PREFIX + index, AppProbeClusters.name(index));
  }

  /** Answers {@code path} with 200 while every endpoint of {@code cluster} is healthy, else 503. */
  private static HttpFilter answer(String name, String path, String cluster) {
    var check =
        HealthCheck.newBuilder()
            .setPassThroughMode(BoolValue.of(false))
            .addAllHeaders(ProbeRoutes.exactly(path))
            .putClusterMinHealthyPercentages(cluster, Percent.newBuilder().setValue(100).build());
    return filter(
        name,
        TypedConfig.of("envoy.extensions.filters.http.health_check.v3.HealthCheck", check.build()));
  }

  private static HttpFilter router() {
    return filter(
        "envoy.filters.http.router",
        TypedConfig.of(
            "envoy.extensions.filters.http.router.v3.Router",
            Router.newBuilder().setSuppressEnvoyHeaders(true).build()));
  }

  private static HttpFilter filter(String name, Any config) {
    return HttpFilter.newBuilder().setName(name).setTypedConfig(config).build();
  }
}
