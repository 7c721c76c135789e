package dev.portcullis.operator.envoy;

import dev.portcullis.operator.intent.BackendIntent;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;

/**
 * One feature of Envoy: what it adds to each part of a backend's configuration.
 *
 * <p>A change of what {@link #onListener}, {@link #onFilterChain} or {@link #onHttp} write drains
 * the listener's connections; a change of the rest does not. So whatever a team edits often belongs
 * into {@link #onHost} or {@link #onRoute}.
 */
interface Feature {

  default void onListener(BackendIntent intent, Listener.Builder listener) {}

  /** Once for each entrance; those that differ by entrance override this one. */
  default void onFilterChain(BackendIntent intent, Entrance entrance, FilterChain.Builder chain) {
    onFilterChain(intent, chain);
  }

  default void onFilterChain(BackendIntent intent, FilterChain.Builder chain) {}

  /**
   * Once for each entrance; those that differ by entrance override this one. HTTP filters run in
   * the order in which the features add them.
   */
  default void onHttp(BackendIntent intent, Entrance entrance, HttpConnectionManager.Builder http) {
    onHttp(intent, http);
  }

  default void onHttp(BackendIntent intent, HttpConnectionManager.Builder http) {}

  default void onHost(BackendIntent intent, VirtualHost.Builder host) {}

  default void onRoute(BackendIntent intent, Endpoint endpoint, Route.Builder route) {}

  default void onCluster(BackendIntent intent, Cluster.Builder app) {}
}
