package dev.portcullis.operator.watch.delivery;

import dev.portcullis.operator.envoy.EnvoyResources;
import dev.portcullis.operator.names.Annotations;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import java.util.Map;

/** Makes of a good configuration one that Envoy refuses, for tests of what happens then. */
enum TestBreak {
  NONE {
    @Override
    EnvoyResources applyTo(EnvoyResources resources) {
      return resources;
    }
  },
  LISTENER {
    @Override
    EnvoyResources applyTo(EnvoyResources resources) {
      var nowhere = SocketAddress.newBuilder().setAddress("broken by a test").setPortValue(1);
      var listener =
          resources.listener().toBuilder()
              .setAddress(Address.newBuilder().setSocketAddress(nowhere))
              .build();
      return broken(resources, listener, resources.routes());
    }
  },
  ROUTE {
    @Override
    EnvoyResources applyTo(EnvoyResources resources) {
      var routes = resources.routes().toBuilder();
      routes.getVirtualHostsBuilder(0).addRoutes(0, UNCLOSED);
      return broken(resources, resources.listener(), routes.build());
    }
  };

  private static final Route UNCLOSED =
      Route.newBuilder()
          .setName("broken by a test")
          .setMatch(RouteMatch.newBuilder().setSafeRegex(RegexMatcher.newBuilder().setRegex("(")))
          .setDirectResponse(DirectResponseAction.newBuilder().setStatus(500))
          .build();

  abstract EnvoyResources applyTo(EnvoyResources resources);

  static TestBreak of(Map<String, String> annotations) {
    return switch (annotations.get(Annotations.TEST_BREAK)) {
      case "listener" -> LISTENER;
      case "route" -> ROUTE;
      case null, default -> NONE;
    };
  }

  private static EnvoyResources broken(
      EnvoyResources resources, Listener listener, RouteConfiguration routes) {
    return new EnvoyResources(
        resources.version() + "-broken",
        listener,
        resources.http3(),
        routes,
        resources.clusters(),
        resources.calls());
  }
}
