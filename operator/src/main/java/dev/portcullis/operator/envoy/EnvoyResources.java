package dev.portcullis.operator.envoy;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Everything that the sidecars of one backend run, sorted and byte-stable: equal intents give equal
 * bytes.
 *
 * @param version 128-bit content hash of all of it, in hex. The sidecar answers it on {@code
 *     ProbePaths.SERVED_VERSION} to the operator's identity, so that what is served can be measured
 * @param listener what the network reaches
 * @param http3 the same over QUIC, where the policy has it
 * @param routes of the listener
 * @param clusters the application first, then the called backends, then where counts are told, then
 *     who counts for all pods
 * @param calls what the application reaches
 */
public record EnvoyResources(
    String version,
    Listener listener,
    Optional<Listener> http3,
    RouteConfiguration routes,
    List<Cluster> clusters,
    Calls calls) {

  /** The application's ways out: listeners on loopback, each with its routes. */
  public record Calls(List<Listener> listeners, List<RouteConfiguration> routes) {

    public static final Calls NONE = new Calls(List.of(), List.of());

    public Calls {
      listeners = List.copyOf(listeners);
      routes = List.copyOf(routes);
    }
  }

  public EnvoyResources {
    clusters = List.copyOf(clusters);
  }

  /** Of an application that calls nobody, without HTTP/3. */
  public EnvoyResources(
      String version, Listener listener, RouteConfiguration routes, List<Cluster> clusters) {
    this(version, listener, Optional.empty(), routes, clusters, Calls.NONE);
  }

  /** All of them. */
  public Stream<Listener> listeners() {
    return Stream.of(Stream.of(listener), http3.stream(), calls.listeners().stream())
        .flatMap(each -> each);
  }

  /** The routes of all listeners. */
  public Stream<RouteConfiguration> routeTables() {
    return Stream.concat(Stream.of(routes), calls.routes().stream());
  }
}
