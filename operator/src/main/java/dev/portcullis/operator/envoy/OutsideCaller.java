package dev.portcullis.operator.envoy;

import dev.portcullis.bootstrap.contract.EnvoyNames;
import dev.portcullis.operator.intent.BackendIntent;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutation;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.Mutations;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;

/**
 * The name of a caller from outside: that of the rule which let it in, in the policy's words, since
 * another CA has written those of the certificate.
 */
final class OutsideCaller implements Feature {

  static final String ADMITTING_RULE =
      "%DYNAMIC_METADATA(envoy.filters.http.rbac:enforced_effective_policy_id)%";

  @Override
  public void onHttp(BackendIntent intent, Entrance entrance, HttpConnectionManager.Builder http) {
    switch (entrance) {
      case Entrance.OfMesh() -> {}
      case Entrance.FromOutside _ ->
          http.addHttpFilters(Packed.filter(FilterNames.OUTSIDE_CALLER, named()));
    }
  }

  private static HeaderMutation named() {
    return HeaderMutation.newBuilder()
        .setMutations(
            Mutations.newBuilder()
                .addRequestMutations(HeaderEdits.remove(EnvoyNames.CALLER_HEADER))
                .addRequestMutations(HeaderEdits.put(CallerIdentity.callerHeader(ADMITTING_RULE))))
        .build();
  }
}
