package dev.portcullis.operator.xds;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.portcullis.bootstrap.contract.EnvoyNames;
import dev.portcullis.bootstrap.contract.SidecarPaths;
import dev.portcullis.operator.envoy.EnvoyResources;
import dev.portcullis.operator.envoy.EnvoyResources.Calls;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.transport_sockets.quic.v3.QuicDownstreamTransport;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The same configuration for proxies whose key and roots come over the stream: wherever it names
 * the pod's files of them, it names the stream. What the canary found of the one holds for the
 * other; only the way to the own gate is added, which is always the same.
 */
final class StreamedForm {
  private static final Map<String, String> SECRET_OF_FILE =
      Map.of(
          SidecarPaths.IDENTITY_SDS, EnvoyNames.IDENTITY_SECRET,
          SidecarPaths.TRUST_SDS, EnvoyNames.TRUST_SECRET);

  /** What may hold them. All other packed messages stay as they are. */
  private static final List<Message> CONTEXTS =
      List.of(
          DownstreamTlsContext.getDefaultInstance(),
          QuicDownstreamTransport.getDefaultInstance(),
          UpstreamTlsContext.getDefaultInstance());

  /** One and the same for all: Envoy then asks for each secret once, and holds it once. */
  private static final ConfigSource STREAM =
      ConfigSource.newBuilder()
          .setResourceApiVersion(ApiVersion.V3)
          .setAds(AggregatedConfigSource.getDefaultInstance())
          .build();

  private StreamedForm() {}

  static EnvoyResources of(EnvoyResources resources) {
    return new EnvoyResources(
        resources.version(),
        (Listener) rewritten(resources.listener()),
        resources.http3().map(each -> (Listener) rewritten(each)),
        resources.routes(),
        Stream.concat(
                resources.clusters().stream().map(cluster -> (Cluster) rewritten(cluster)),
                Stream.of(StreamedGate.of(resources.listener())))
            .toList(),
        new Calls(
            resources.calls().listeners().stream().map(each -> (Listener) rewritten(each)).toList(),
            resources.calls().routes()));
  }

  private static Message rewritten(Message message) {
    if (message instanceof SdsSecretConfig secret) {
      return streamed(secret);
    }
    return message instanceof Any any ? repacked(any) : withFieldsRewritten(message);
  }

  /** Over the stream. */
  static SdsSecretConfig secret(String name) {
    return SdsSecretConfig.newBuilder().setName(name).setSdsConfig(STREAM).build();
  }

  private static SdsSecretConfig streamed(SdsSecretConfig secret) {
    var name = SECRET_OF_FILE.get(secret.getSdsConfig().getPathConfigSource().getPath());
    return name == null ? secret : secret(name);
  }

  private static Any repacked(Any any) {
    for (var context : CONTEXTS) {
      if (any.is(context.getClass())) {
        var inside = withFieldsRewritten(unpacked(any, context));
        return any.toBuilder().setValue(inside.toByteString()).build();
      }
    }
    return any;
  }

  private static Message unpacked(Any any, Message type) {
    try {
      return type.getParserForType().parseFrom(any.getValue());
    } catch (InvalidProtocolBufferException damaged) {
      throw new IllegalArgumentException("a TLS context that cannot be read", damaged);
    }
  }

  private static Message withFieldsRewritten(Message message) {
    var builder = message.toBuilder();
    message.getAllFields().forEach((field, value) -> builder.setField(field, rewritten(value)));
    return builder.build();
  }

  private static Object rewritten(Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(StreamedForm::rewritten).toList();
    }
    return value instanceof Message message ? rewritten(message) : value;
  }
}
