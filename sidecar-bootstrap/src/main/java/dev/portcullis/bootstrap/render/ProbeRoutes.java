package dev.portcullis.bootstrap.render;

import dev.portcullis.bootstrap.contract.AppProbe;
import dev.portcullis.bootstrap.contract.ProbePaths;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The routes of the probe listener: the application's own HTTP probes. All else is no route. */
final class ProbeRoutes {

  private ProbeRoutes() {}

  static RouteConfiguration of(List<AppProbe> probes) {
    var host = VirtualHost.newBuilder().setName("probe").addDomains("*");
    IntStream.range(0, probes.size())
        .mapToObj(index -> route(index, probes.get(index)))
        .flatMap(Optional::stream)
        .forEach(host::addRoutes);
    return RouteConfiguration.newBuilder().setName("probe").addVirtualHosts(host).build();
  }

  /** Matches {@code path} without a query, under GET and HEAD. */
  static List<HeaderMatcher> exactly(String path) {
    var thePath = StringMatcher.newBuilder().setExact(path);
    var readOnly =
        StringMatcher.newBuilder().setSafeRegex(RegexMatcher.newBuilder().setRegex("GET|HEAD"));
    return List.of(
        HeaderMatcher.newBuilder().setName(":path").setStringMatch(thePath).build(),
        HeaderMatcher.newBuilder().setName(":method").setStringMatch(readOnly).build());
  }

  private static Optional<Route> route(int index, AppProbe probe) {
    return switch (probe) {
      case AppProbe.HttpGet http -> Optional.of(proxied(index, http.path()));
      case AppProbe.HttpsGet https -> Optional.of(proxied(index, https.path()));
      // Answered by the health of their cluster.
      case AppProbe.TcpSocket tcp -> Optional.empty();
      case AppProbe.Grpc grpc -> Optional.empty();
    };
  }

  private static Route proxied(int index, String originalPath) {
    var path = ProbePaths.APP_PREFIX + index;
    return Route.newBuilder()
        .setMatch(RouteMatch.newBuilder().setPath(path).addAllHeaders(exactly(path)))
        .setRoute(
            RouteAction.newBuilder()
                .setCluster(AppProbeClusters.name(index))
                .setPrefixRewrite(originalPath)
                // The kubelet's own timeout decides, as it did before injection.
                .setTimeout(Durations.seconds(0)))
        .addRequestHeadersToRemove("x-forwarded-proto")
        .addRequestHeadersToRemove("x-envoy-original-path")
        .build();
  }
}
