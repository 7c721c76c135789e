package dev.portcullis.operator.envoy;

import com.google.protobuf.Struct;
import com.google.protobuf.util.Values;
import dev.portcullis.bootstrap.contract.EnvoyNames;
import dev.portcullis.bootstrap.contract.ProbePaths;
import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.Caller;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.extensions.filters.http.set_metadata.v3.Config;
import io.envoyproxy.envoy.extensions.filters.http.set_metadata.v3.Metadata;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.List;

/**
 * Tells the operator, and nobody else, what the proxy really serves: the version in the body comes
 * from the routes in force, the listener's own hash from the listener in force.
 */
final class ServedVersion {

  private static final String NAMESPACE = "portcullis";
  private static final String LISTENER = "listener";
  private static final int OK = 200;

  static HttpFilter listenerFilter(String listenerVersion) {
    var value = Struct.newBuilder().putFields(LISTENER, Values.of(listenerVersion));
    var metadata = Metadata.newBuilder().setMetadataNamespace(NAMESPACE).setValue(value);
    return Packed.filter(
        FilterNames.LISTENER_VERSION, Config.newBuilder().addMetadata(metadata).build());
  }

  static Route route(BackendIntent intent, String version, String listenerVersion) {
    return forOperator(intent, "portcullis:served-version", ProbePaths.SERVED_VERSION)
        .setDirectResponse(
            DirectResponseAction.newBuilder()
                .setStatus(OK)
                .setBody(DataSource.newBuilder().setInlineString(version)))
        .addResponseHeadersToAdd(
            header(
                EnvoyNames.LISTENER_HEADER,
                "%DYNAMIC_METADATA(" + NAMESPACE + ":" + LISTENER + ")%"))
        .addResponseHeadersToAdd(header(EnvoyNames.LISTENER_WANTED_HEADER, listenerVersion))
        .addResponseHeadersToAdd(header("cache-control", "no-store"))
        .build();
  }

  /** Matches the operator's identity only, so that anyone else sees an unknown path. */
  static Route.Builder forOperator(BackendIntent intent, String name, String path) {
    var identity = intent.mesh().operator();
    var operator = new Caller("operator", new Caller.Origin.Anywhere(), List.of(identity));
    var route = Route.newBuilder();
    BlockedPlaces.exempt(intent, route);
    return route
        .setName(name)
        .setMatch(
            RouteMatch.newBuilder()
                .setPath(path)
                .addHeaders(RouteMatches.method(List.of("GET")))
                .addHeaders(exactly(EnvoyNames.CALLER_HEADER, identity.uri())))
        .putTypedPerFilterConfig(
            FilterNames.CALLER_RBAC, CallerRbac.perRoute(name, List.of(operator)))
        .putTypedPerFilterConfig(FilterNames.PROOF_RBAC, ProofRbac.NOTHING_ASKED)
        .putTypedPerFilterConfig(FilterNames.BACKEND_RATE_LIMIT, RateLimits.OFF);
  }

  private static HeaderMatcher exactly(String name, String value) {
    return HeaderMatcher.newBuilder()
        .setName(name)
        .setStringMatch(StringMatcher.newBuilder().setExact(value))
        .build();
  }

  private static HeaderValueOption header(String name, String value) {
    return HeaderValueOption.newBuilder()
        .setHeader(HeaderValue.newBuilder().setKey(name).setValue(value))
        .setAppendAction(HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD)
        .build();
  }

  private ServedVersion() {}
}
