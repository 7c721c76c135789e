package dev.portcullis.operator.envoy;

import com.google.protobuf.BoolValue;
import com.google.protobuf.UInt32Value;
import dev.portcullis.bootstrap.contract.EnvoyNames;
import dev.portcullis.operator.envoy.schema.early.HeaderMutation;
import dev.portcullis.operator.envoy.schema.headers.HeaderMutation.RemoveOnMatch;
import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.ClaimedHeaders;
import io.envoyproxy.envoy.config.core.v3.CidrRange;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.ForwardClientCertDetails;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.InternalAddressConfig;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.SetCurrentClientCertDetails;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;

/**
 * Who calls, told to the application and to the route table; and nothing that a client says about
 * it, about its address or about the method and path that it really means.
 */
final class CallerIdentity implements Feature {

  /** The URI names of the peer's certificate; with more than one, joined by commas. */
  static final String PEER_URI = "%DOWNSTREAM_PEER_URI_SAN%";

  // An empty list would mean loopback and every private address, so: one that nobody calls from.
  static final InternalAddressConfig NOBODY_INTERNAL =
      InternalAddressConfig.newBuilder()
          .addCidrRanges(
              CidrRange.newBuilder().setAddressPrefix("0.0.0.0").setPrefixLen(UInt32Value.of(32)))
          .build();

  @Override
  public void onHttp(BackendIntent intent, Entrance entrance, HttpConnectionManager.Builder http) {
    http.setUseRemoteAddress(BoolValue.of(true))
        .setInternalAddressConfig(NOBODY_INTERNAL)
        .setAlwaysSetRequestIdInResponse(true);
    var mutations = withoutClaims();
    switch (entrance) {
      case Entrance.OfMesh() -> {
        mutations.addMutationsBuilder().setAppend(callerHeader());
        http.setForwardClientCertDetails(ForwardClientCertDetails.SANITIZE_SET)
            .setSetCurrentClientCertDetails(
                SetCurrentClientCertDetails.newBuilder()
                    .setUri(true)
                    .setSubject(BoolValue.of(true)));
      }
      // Another CA may write any name, ours too: none of them is told further.
      case Entrance.FromOutside _ ->
          http.setForwardClientCertDetails(ForwardClientCertDetails.SANITIZE);
    }
    mutations.addMutationsBuilder().setAppend(CertificateExpiry.endHeader());
    http.addEarlyHeaderMutationExtensions(
        Packed.extension("envoy.http.early_header_mutation.header_mutation", mutations.build()));
  }

  static HeaderValueOption callerHeader() {
    return callerHeader(PEER_URI);
  }

  static HeaderValueOption callerHeader(String value) {
    return HeaderValueOption.newBuilder()
        .setHeader(HeaderValue.newBuilder().setKey(EnvoyNames.CALLER_HEADER).setValue(value))
        .setAppendAction(HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD)
        .build();
  }

  /** Takes away what a client says of callers, of itself, and of what the proxy shall do. */
  static HeaderMutation.Builder withoutClaims() {
    var mutations = HeaderMutation.newBuilder();
    ClaimedHeaders.PREFIXES.forEach(
        prefix -> mutations.addMutationsBuilder().setRemoveOnMatch(headersFrom(prefix)));
    ClaimedHeaders.NAMES.forEach(name -> mutations.addMutationsBuilder().setRemove(name));
    return mutations;
  }

  private static RemoveOnMatch headersFrom(String prefix) {
    return RemoveOnMatch.newBuilder()
        .setKeyMatcher(StringMatcher.newBuilder().setPrefix(prefix))
        .build();
  }
}
