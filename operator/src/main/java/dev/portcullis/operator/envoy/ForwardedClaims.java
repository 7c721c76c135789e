package dev.portcullis.operator.envoy;

import dev.portcullis.operator.intent.ApiKeys;
import dev.portcullis.operator.intent.BackendIntent;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutation;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutationPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.Mutations;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.util.stream.Stream;

/**
 * The headers that tell claims or a client come from a checked token or key or not at all: what a
 * client sends under their names is removed first, also where neither is asked for.
 */
final class ForwardedClaims implements Feature {

  @Override
  public void onHttp(BackendIntent intent, HttpConnectionManager.Builder http) {
    http.addHttpFilters(
        Packed.filter(FilterNames.CLAIM_HEADERS, HeaderMutation.getDefaultInstance()));
  }

  @Override
  public void onHost(BackendIntent intent, VirtualHost.Builder host) {
    var mutations = Mutations.newBuilder();
    Stream.concat(
            intent.tokenIssuers().stream()
                .flatMap(issuer -> issuer.forwardedClaims().values().stream()),
            intent.apiKeys().flatMap(ApiKeys::clientHeader).stream())
        .sorted()
        .distinct()
        .map(HeaderEdits::remove)
        .forEach(mutations::addRequestMutations);
    if (mutations.getRequestMutationsCount() > 0) {
      host.putTypedPerFilterConfig(
          FilterNames.CLAIM_HEADERS,
          Packed.any(HeaderMutationPerRoute.newBuilder().setMutations(mutations).build()));
    }
  }
}
