package dev.portcullis.operator.envoy;

import dev.portcullis.bootstrap.contract.EnvoyNames;
import dev.portcullis.operator.intent.BackendIntent;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutation;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutationPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.Mutations;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;

/** The policy's rules for request headers, and the caller's identity after them. */
final class RequestHeaders implements Feature {

  @Override
  public void onHttp(BackendIntent intent, Entrance entrance, HttpConnectionManager.Builder http) {
    http.addHttpFilters(
        Packed.filter(FilterNames.REQUEST_HEADERS, HeaderMutation.getDefaultInstance()));
    if (entrance instanceof Entrance.FromOutside) {
      http.addHttpFilters(Packed.filter(FilterNames.OUTSIDE_CALLER, outsideCaller()));
    }
  }

  /** Instead of the names that the host's rules would tell, which another CA has written. */
  private static HeaderMutation outsideCaller() {
    return HeaderMutation.newBuilder()
        .setMutations(
            Mutations.newBuilder()
                .addRequestMutations(HeaderEdits.remove(EnvoyNames.CALLER_HEADER))
                .addRequestMutations(
                    HeaderEdits.put(CallerIdentity.callerHeader(CallerIdentity.OUTSIDE_CALLER))))
        .build();
  }

  @Override
  public void onHost(BackendIntent intent, VirtualHost.Builder host) {
    var mutations =
        Mutations.newBuilder()
            .addAllRequestMutations(HeaderEdits.of(intent.headers().request()))
            .addRequestMutations(HeaderEdits.put(CallerIdentity.callerHeader()))
            .addRequestMutations(HeaderEdits.remove(CertificateExpiry.HEADER));
    host.putTypedPerFilterConfig(
        FilterNames.REQUEST_HEADERS,
        Packed.any(HeaderMutationPerRoute.newBuilder().setMutations(mutations).build()));
  }
}
