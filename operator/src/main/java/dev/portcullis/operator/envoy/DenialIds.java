package dev.portcullis.operator.envoy;

import com.github.xds.type.matcher.v3.Matcher.MatcherList.Predicate;
import com.google.protobuf.Any;
import com.google.protobuf.Struct;
import com.google.protobuf.util.Values;
import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.BackendKey;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutation;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutationPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.Mutations;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;

/**
 * Gives each refusal its {@link DenialId}. The routes hold the rules, so an edit drains nothing;
 * the layer is found out when there is a refusal, so what is allowed pays for the removal of a
 * header.
 */
final class DenialIds implements Feature {

  /** In access logs and metrics: what the reply says, under gRPC too. */
  static final String REPLIED = "%RESP(X-PORTCULLIS-DENIAL)%";

  /** Answers to a handshake that the host's removal does not reach; no refusal is among them. */
  private static final Predicate NO_REFUSAL = AnswerMatch.header(":status", "[123]..");

  private static final Any REMOVED =
      Packed.any(
          HeaderMutationPerRoute.newBuilder()
              .setMutations(
                  Mutations.newBuilder().addResponseMutations(HeaderEdits.remove(DenialId.HEADER)))
              .build());

  private static final String NAMESPACE = "portcullis.denial";
  private static final String RULE = "rule";

  @Override
  public void onHttp(BackendIntent intent, HttpConnectionManager.Builder http) {
    if (intent.takesWebSockets()) {
      var nothing =
          Packed.extension(
              "envoy.filters.http.header_mutation", HeaderMutation.getDefaultInstance());
      http.addHttpFilters(AnswerMatch.on(NO_REFUSAL, FilterNames.FOREIGN_DENIAL, nothing));
    }
  }

  @Override
  public void onHost(BackendIntent intent, VirtualHost.Builder host) {
    // An application that says it was the gate is not believed. Replies of the gate come after
    // this.
    host.addResponseHeadersToRemove(DenialId.HEADER);
  }

  @Override
  public void onRoute(BackendIntent intent, Endpoint endpoint, Route.Builder route) {
    route
        .getMetadataBuilder()
        .putFilterMetadata(
            NAMESPACE,
            Struct.newBuilder()
                .putFields(RULE, Values.of(DenialId.ruleOf(intent, endpoint)))
                .build());
    if (endpoint instanceof Endpoint.Known(var known) && known.isOfWebSockets()) {
      route.putTypedPerFilterConfig(FilterNames.FOREIGN_DENIAL, REMOVED);
    }
  }

  /** For the gate's replies to requests. */
  static HeaderValueOption header(BackendIntent intent) {
    var value =
        "%%CEL(%s)%%-%%CEL(%s)%%".formatted(Denial.wordOfRefusal(intent), ruleOf(intent.key()));
    return HeaderValueOption.newBuilder()
        .setHeader(HeaderValue.newBuilder().setKey(DenialId.HEADER).setValue(value))
        .setAppendAction(HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD)
        .build();
  }

  /** In access logs, for what was refused before there was a request. */
  static String ofConnection(BackendIntent intent) {
    var handshake = DenialId.ofPolicy(Denial.HANDSHAKE, intent.key());
    var connection = DenialId.ofPolicy(Denial.CONNECTION, intent.key());
    return "%%CEL(has(connection.transport_failure_reason) ? '%s' : '%s')%%"
        .formatted(handshake, connection);
  }

  /** What the codec refuses has no route. */
  private static String ruleOf(BackendKey policy) {
    return "has(xds.route_metadata) ? xds.route_metadata.filter_metadata['%s']['%s'] : '%s'"
        .formatted(NAMESPACE, RULE, DenialId.ofPolicy(Denial.GATE, policy).rule());
  }
}
