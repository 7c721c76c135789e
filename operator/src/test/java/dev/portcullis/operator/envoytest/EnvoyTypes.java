package dev.portcullis.operator.envoytest;

import com.github.xds.type.matcher.v3.IPMatcher;
import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.TypeRegistry;
import dev.portcullis.operator.envoy.schema.bodysize.BodySizeLimit;
import dev.portcullis.operator.envoy.schema.filterchain.FilterChainConfig;
import dev.portcullis.operator.envoy.schema.filterchain.FilterChainConfigPerRoute;
import dev.portcullis.operator.envoy.schema.lua.LuaPerRoute;
import dev.portcullis.operator.envoy.schema.processratelimit.ProcessRateLimitFilter;
import dev.portcullis.operator.envoy.schema.ratelimit.LocalRateLimit;
import io.envoyproxy.envoy.config.rbac.v3.Action;
import io.envoyproxy.envoy.config.route.v3.FilterConfig;
import io.envoyproxy.envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter;
import io.envoyproxy.envoy.extensions.access_loggers.stream.v3.StdoutAccessLog;
import io.envoyproxy.envoy.extensions.common.matching.v3.ExtensionWithMatcher;
import io.envoyproxy.envoy.extensions.common.matching.v3.ExtensionWithMatcherPerRoute;
import io.envoyproxy.envoy.extensions.filters.common.matcher.action.v3.SkipFilter;
import io.envoyproxy.envoy.extensions.filters.http.composite.v3.Composite;
import io.envoyproxy.envoy.extensions.filters.http.composite.v3.ExecuteFilterAction;
import io.envoyproxy.envoy.extensions.filters.http.grpc_json_transcoder.v3.GrpcJsonTranscoder;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutation;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutationPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.Lua;
import io.envoyproxy.envoy.extensions.filters.http.ratelimit.v3.RateLimit;
import io.envoyproxy.envoy.extensions.filters.http.ratelimit.v3.RateLimitPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBACPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.http.set_metadata.v3.Config;
import io.envoyproxy.envoy.extensions.filters.listener.original_dst.v3.OriginalDst;
import io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector;
import io.envoyproxy.envoy.extensions.filters.network.connection_limit.v3.ConnectionLimit;
import io.envoyproxy.envoy.extensions.filters.network.echo.v3.Echo;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.load_balancing_policies.client_side_weighted_round_robin.v3.ClientSideWeightedRoundRobin;
import io.envoyproxy.envoy.extensions.matching.common_inputs.network.v3.DirectSourceIPInput;
import io.envoyproxy.envoy.extensions.matching.common_inputs.network.v3.FilterStateInput;
import io.envoyproxy.envoy.extensions.matching.common_inputs.ssl.v3.UriSanInput;
import io.envoyproxy.envoy.extensions.matching.input_matchers.ip.v3.Ip;
import io.envoyproxy.envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig;
import io.envoyproxy.envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate;
import io.envoyproxy.envoy.extensions.transport_sockets.quic.v3.QuicDownstreamTransport;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.type.matcher.v3.HttpResponseHeaderMatchInput;
import java.util.stream.Stream;

/** The types inside {@code Any} fields of what Portcullis writes, as it writes them. */
public final class EnvoyTypes {

  public static final TypeRegistry REGISTRY =
      TypeRegistry.newBuilder().add(descriptors().toList()).build();

  private static Stream<Descriptor> descriptors() {
    return Stream.of(
        Action.getDescriptor(),
        FilterConfig.getDescriptor(),
        IPMatcher.getDescriptor(),
        BodySizeLimit.getDescriptor(),
        Composite.getDescriptor(),
        GrpcJsonTranscoder.getDescriptor(),
        Config.getDescriptor(),
        io.envoyproxy.envoy.extensions.filters.http.set_filter_state.v3.Config.getDescriptor(),
        ConnectionLimit.getDescriptor(),
        DirectSourceIPInput.getDescriptor(),
        DownstreamTlsContext.getDescriptor(),
        Echo.getDescriptor(),
        ExecuteFilterAction.getDescriptor(),
        ExpressionFilter.getDescriptor(),
        ExtensionWithMatcher.getDescriptor(),
        ExtensionWithMatcherPerRoute.getDescriptor(),
        FilterStateInput.getDescriptor(),
        FilterChainConfig.getDescriptor(),
        FilterChainConfigPerRoute.getDescriptor(),
        HeaderMutation.getDescriptor(),
        HeaderMutationPerRoute.getDescriptor(),
        dev.portcullis.operator.envoy.schema.early.HeaderMutation.getDescriptor(),
        HttpConnectionManager.getDescriptor(),
        HttpResponseHeaderMatchInput.getDescriptor(),
        HttpProtocolOptions.getDescriptor(),
        ClientSideWeightedRoundRobin.getDescriptor(),
        Ip.getDescriptor(),
        JwtAuthentication.getDescriptor(),
        LocalRateLimit.getDescriptor(),
        RateLimit.getDescriptor(),
        RateLimitPerRoute.getDescriptor(),
        // The first of a name counts, and the jar has an older one beside Lua.
        LuaPerRoute.getDescriptor(),
        Lua.getDescriptor(),
        OriginalDst.getDescriptor(),
        PreviousHostsPredicate.getDescriptor(),
        ProcessRateLimitFilter.getDescriptor(),
        QuicDownstreamTransport.getDescriptor(),
        TlsInspector.getDescriptor(),
        io.envoyproxy.envoy.extensions.rbac.principals.mtls_authenticated.v3.Config.getDescriptor(),
        RBAC.getDescriptor(),
        RBACPerRoute.getDescriptor(),
        io.envoyproxy.envoy.extensions.filters.network.rbac.v3.RBAC.getDescriptor(),
        Router.getDescriptor(),
        SkipFilter.getDescriptor(),
        StdoutAccessLog.getDescriptor(),
        dev.portcullis.operator.envoy.schema.stats.Config.getDescriptor(),
        UpstreamTlsContext.getDescriptor(),
        UriSanInput.getDescriptor(),
        UriTemplateMatchConfig.getDescriptor());
  }

  /** The message itself and every one inside it, those in {@code Any} included. */
  public static Stream<Message> allIn(Message message) {
    var inside =
        message.getAllFields().entrySet().stream()
            .flatMap(
                field ->
                    field.getKey().isRepeated()
                        ? ((java.util.List<?>) field.getValue()).stream()
                        : Stream.of(field.getValue()))
            .filter(Message.class::isInstance)
            .map(Message.class::cast)
            .flatMap(EnvoyTypes::allIn);
    return Stream.concat(
        Stream.of(message), message instanceof Any any ? allIn(unpacked(any)) : inside);
  }

  private static Message unpacked(Any any) {
    try {
      var type = REGISTRY.getDescriptorForTypeUrl(any.getTypeUrl());
      if (type == null) {
        throw new AssertionError("not in the registry: " + any.getTypeUrl());
      }
      return com.google.protobuf.DynamicMessage.parseFrom(type, any.getValue());
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private EnvoyTypes() {}
}
