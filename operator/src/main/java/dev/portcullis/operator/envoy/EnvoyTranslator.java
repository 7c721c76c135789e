package dev.portcullis.operator.envoy;

import com.google.protobuf.Message;
import dev.portcullis.bootstrap.contract.EnvoyNames;
import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.Epoch;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What one policy means, as Envoy says it. Pure: equal intents give equal bytes.
 *
 * <p>An intent that {@code resolve} gave always translates; what Envoy then thinks of it is the
 * canary's to find out.
 */
public final class EnvoyTranslator {

  static final String HTTP_FILTER = "envoy.filters.network.http_connection_manager";

  private final List<Feature> features;

  public EnvoyTranslator() {
    this(Features.IN_ORDER);
  }

  EnvoyTranslator(List<Feature> features) {
    this.features = features;
  }

  /** Translates an intent for connections of whatever age. */
  public EnvoyResources translate(BackendIntent intent) {
    return translate(intent, Epoch.FIRST);
  }

  /**
   * Translates an intent that no stored policy asks for.
   *
   * @param epoch connections from before it are drained and cut
   */
  public EnvoyResources translate(BackendIntent intent, Epoch epoch) {
    return translate(intent, epoch, PolicyGeneration.NONE);
  }

  /**
   * Translates an intent; never fails for one that {@code resolve} gave.
   *
   * @param epoch connections from before it are drained and cut
   * @param generation of the policy, which the access log tells; 0 where there is none
   */
  public EnvoyResources translate(BackendIntent intent, Epoch epoch, long generation) {
    var mesh = new Entrance.OfMesh();
    var http = http(intent, mesh);
    var unversionedListener = listener(intent, epoch, chain(intent, mesh, http));
    var listenerVersion = ContentHash.of(List.of(unversionedListener));
    http.addHttpFilters(0, ServedVersion.listenerFilter(listenerVersion));
    var ofMesh = listener(intent, epoch, chain(intent, mesh, http));
    var listener = withOutside(intent, epoch, ofMesh);
    var http3 = Http3Listener.beside(listener, intent);
    var clusters =
        Stream.of(
                List.of(cluster(intent)),
                Calls.clusters(intent),
                ShadowCounts.clusters(intent),
                StoredRates.clusters(intent))
            .flatMap(List::stream);
    var host = host(intent);
    PolicyGeneration.put(generation, host);
    var unversioned =
        new EnvoyResources("", listener, http3, routes(host), clusters.toList(), Calls.of(intent));
    var version = versionOf(unversioned, host.build());
    host.addRoutes(0, ServedVersion.route(intent, version, listenerVersion));
    return new EnvoyResources(
        version, listener, http3, routes(host), unversioned.clusters(), unversioned.calls());
  }

  private static String versionOf(EnvoyResources resources, VirtualHost host) {
    var content = new ArrayList<Message>();
    content.add(resources.listener());
    resources.http3().ifPresent(content::add);
    content.add(host);
    content.addAll(resources.clusters());
    content.addAll(resources.calls().listeners());
    content.addAll(resources.calls().routes());
    return ContentHash.of(content);
  }

  private HttpConnectionManager.Builder http(BackendIntent intent, Entrance entrance) {
    var http = HttpConnectionManager.newBuilder();
    features.forEach(feature -> feature.onHttp(intent, entrance, http));
    return http;
  }

  private FilterChain.Builder chain(
      BackendIntent intent, Entrance entrance, HttpConnectionManager.Builder http) {
    var chain = FilterChain.newBuilder().setName(EnvoyNames.INBOUND_LISTENER);
    features.forEach(feature -> feature.onFilterChain(intent, entrance, chain));
    return chain.addFilters(
        Filter.newBuilder().setName(HTTP_FILTER).setTypedConfig(Packed.any(http.build())));
  }

  private Listener listener(BackendIntent intent, Epoch epoch, FilterChain.Builder chain) {
    var listener = Listener.newBuilder().setName(EnvoyNames.INBOUND_LISTENER);
    features.forEach(feature -> feature.onListener(intent, listener));
    listener.addFilterChains(0, chain);
    // What proves the redirect lets nobody in whom a policy could take out again.
    listener.getFilterChainsBuilderList().stream()
        .filter(each -> !each.getName().equals(RedirectProof.CHAIN))
        .forEach(each -> EpochMark.put(epoch, each));
    return listener.build();
  }

  /**
   * A chain for each trust, behind those of the mesh, which stay as they are: a change of a foreign
   * CA or CRL drains the connections of its own chain and no others.
   */
  private Listener withOutside(BackendIntent intent, Epoch epoch, Listener listener) {
    var whole = listener.toBuilder();
    for (var outside : Entrance.fromOutside(intent)) {
      var chain =
          chain(intent, outside, http(intent, outside))
              .setName(outside.name())
              .setMetadata(OutsideMark.of(outside));
      EpochMark.put(epoch, chain);
      whole.addFilterChains(chain);
    }
    return whole.build();
  }

  private VirtualHost.Builder host(BackendIntent intent) {
    var host = VirtualHost.newBuilder().setName(EnvoyNames.APP_CLUSTER).addDomains("*");
    features.forEach(feature -> feature.onHost(intent, host));
    for (var endpoint : Endpoint.tableOf(intent)) {
      var route = Route.newBuilder().setName(endpoint.name());
      features.forEach(feature -> feature.onRoute(intent, endpoint, route));
      host.addRoutes(route);
    }
    return host;
  }

  private static RouteConfiguration routes(VirtualHost.Builder host) {
    return RouteConfiguration.newBuilder()
        .setName(EnvoyNames.INBOUND_ROUTES)
        .addVirtualHosts(host)
        .build();
  }

  private Cluster cluster(BackendIntent intent) {
    var app = Cluster.newBuilder().setName(EnvoyNames.APP_CLUSTER);
    features.forEach(feature -> feature.onCluster(intent, app));
    return app.build();
  }
}
