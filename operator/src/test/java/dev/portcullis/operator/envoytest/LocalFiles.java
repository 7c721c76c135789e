package dev.portcullis.operator.envoytest;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.portcullis.bootstrap.contract.EnvoyNames;
import dev.portcullis.operator.envoy.schema.processratelimit.ProcessRateLimitFilter;
import dev.portcullis.operator.envoytest.TestPki.Credential;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLog;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLogFilter;
import io.envoyproxy.envoy.config.accesslog.v3.AndFilter;
import io.envoyproxy.envoy.config.accesslog.v3.ExtensionFilter;
import io.envoyproxy.envoy.config.accesslog.v3.OrFilter;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.transport_sockets.quic.v3.QuicDownstreamTransport;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** Resources as files of one directory that Envoy watches, replaced by renaming. */
final class LocalFiles {

  private static final AccessLogFilter ALWAYS =
      AccessLogFilter.newBuilder()
          .setExtensionFilter(
              ExtensionFilter.newBuilder()
                  .setName("envoy.access_loggers.extension_filters.cel")
                  .setTypedConfig(
                      Any.pack(ExpressionFilter.newBuilder().setExpression("true").build())))
          .build();

  private final Path directory;

  LocalFiles(Path directory) {
    this.directory = directory;
  }

  ConfigSource source(String name) {
    var source = ConfigSource.newBuilder().setResourceApiVersionValue(2);
    source.getPathConfigSourceBuilder().setPath(path(name).toString());
    return source.build();
  }

  void write(String name, String version, List<? extends Message> resources) {
    var response = DiscoveryResponse.newBuilder().setVersionInfo(version);
    resources.forEach(resource -> response.addResources(Any.pack(resource)));
    try {
      var fresh = Files.write(directory.resolve(name + ".new"), response.build().toByteArray());
      Files.move(fresh, path(name), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void writeSecrets(Credential identity, String trustBundle) {
    var own = Secret.newBuilder().setName(EnvoyNames.IDENTITY_SECRET);
    own.getTlsCertificateBuilder().getPrivateKeyBuilder().setInlineString(identity.bundle());
    own.getTlsCertificateBuilder().getCertificateChainBuilder().setInlineString(identity.bundle());
    write("identity", "1", List.of(own.build()));
    var trust = Secret.newBuilder().setName(EnvoyNames.TRUST_SECRET);
    trust.getValidationContextBuilder().getTrustedCaBuilder().setInlineString(trustBundle);
    write("trust", "1", List.of(trust.build()));
  }

  /**
   * The listener with its routes and secrets from this directory, without the buckets of its lines,
   * and otherwise as it is.
   */
  Listener localised(Listener listener) {
    var local = listener.toBuilder();
    local.getFilterChainsBuilderList().forEach(this::localise);
    local.getAccessLogBuilderList().forEach(LocalFiles::unbound);
    return local.build();
  }

  /** Envoy 1.40 dies of a bucket that comes from a file: here there is always a token. */
  private static void unbound(AccessLog.Builder log) {
    if (log.hasFilter()) {
      log.setFilter(unbound(log.getFilter()));
    }
  }

  private static AccessLogFilter unbound(AccessLogFilter filter) {
    return switch (filter.getFilterSpecifierCase()) {
      case AND_FILTER -> {
        var all = AndFilter.newBuilder();
        filter.getAndFilter().getFiltersList().forEach(each -> all.addFilters(unbound(each)));
        yield AccessLogFilter.newBuilder().setAndFilter(all).build();
      }
      case OR_FILTER -> {
        var any = OrFilter.newBuilder();
        filter.getOrFilter().getFiltersList().forEach(each -> any.addFilters(unbound(each)));
        yield AccessLogFilter.newBuilder().setOrFilter(any).build();
      }
      case EXTENSION_FILTER ->
          filter.getExtensionFilter().getTypedConfig().is(ProcessRateLimitFilter.class)
              ? ALWAYS
              : filter;
      default -> filter;
    };
  }

  /** As they are, but for the way to the admin interface, which has a port here once it is up. */
  List<Cluster> localised(List<Cluster> clusters) {
    return clusters.stream().map(this::localised).toList();
  }

  private Cluster localised(Cluster cluster) {
    var local = cluster.toBuilder();
    if (local.hasTransportSocket()) {
      local.getTransportSocketBuilder().setTypedConfig(localised(cluster.getTransportSocket()));
    }
    for (var place : local.getLoadAssignmentBuilder().getEndpointsBuilderList()) {
      for (var endpoint : place.getLbEndpointsBuilderList()) {
        if (endpoint.getEndpoint().getAddress().hasPipe()
            && Files.exists(directory.resolve("admin"))) {
          endpoint.getEndpointBuilder().setAddress(admin());
        }
      }
    }
    return local.build();
  }

  private Any localised(TransportSocket socket) {
    try {
      var tls = socket.getTypedConfig().unpack(UpstreamTlsContext.class).toBuilder();
      var common = tls.getCommonTlsContextBuilder();
      common.getTlsCertificateSdsSecretConfigsBuilder(0).setSdsConfig(source("identity"));
      common
          .getCombinedValidationContextBuilder()
          .getValidationContextSdsSecretConfigBuilder()
          .setSdsConfig(source("trust"));
      return Any.pack(tls.build());
    } catch (InvalidProtocolBufferException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Address admin() {
    try {
      var address = Files.readString(directory.resolve("admin")).strip();
      var colon = address.lastIndexOf(':');
      return Address.newBuilder()
          .setSocketAddress(
              SocketAddress.newBuilder()
                  .setAddress(address.substring(0, colon))
                  .setPortValue(Integer.parseInt(address.substring(colon + 1))))
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void localise(FilterChain.Builder chain) {
    try {
      chain
          .getTransportSocketBuilder()
          .setTypedConfig(localised(chain.getTransportSocket().getTypedConfig()));
      var last = chain.getFiltersBuilder(chain.getFiltersCount() - 1);
      if (last.getTypedConfig().is(HttpConnectionManager.class)) {
        var http = last.getTypedConfig().unpack(HttpConnectionManager.class).toBuilder();
        http.getRdsBuilder().setConfigSource(source("routes"));
        http.getAccessLogBuilderList().forEach(LocalFiles::unbound);
        last.setTypedConfig(Any.pack(http.build()));
      }
    } catch (InvalidProtocolBufferException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Any localised(Any transport) throws InvalidProtocolBufferException {
    if (transport.is(QuicDownstreamTransport.class)) {
      var quic = transport.unpack(QuicDownstreamTransport.class).toBuilder();
      return Any.pack(
          quic.setDownstreamTlsContext(localised(quic.getDownstreamTlsContext())).build());
    }
    return Any.pack(localised(transport.unpack(DownstreamTlsContext.class)));
  }

  private DownstreamTlsContext localised(DownstreamTlsContext context) {
    var tls = context.toBuilder();
    var common = tls.getCommonTlsContextBuilder();
    common.getTlsCertificateSdsSecretConfigsBuilder(0).setSdsConfig(source("identity"));
    if (common.hasCombinedValidationContext()) {
      common
          .getCombinedValidationContextBuilder()
          .getValidationContextSdsSecretConfigBuilder()
          .setSdsConfig(source("trust"));
    }
    return tls.build();
  }

  private Path path(String name) {
    return directory.resolve(name + ".pb");
  }
}
