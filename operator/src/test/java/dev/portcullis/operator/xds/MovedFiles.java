package dev.portcullis.operator.xds;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.portcullis.bootstrap.contract.SidecarPaths;
import dev.portcullis.operator.envoy.EnvoyResources;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.transport_sockets.quic.v3.QuicDownstreamTransport;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import java.nio.file.Path;
import java.util.Optional;

/** A pod has its files under one fixed path; a test may not write there. */
record MovedFiles(Path directory) {

  EnvoyResources in(EnvoyResources resources) throws InvalidProtocolBufferException {
    var http3 = resources.http3();
    return new EnvoyResources(
        resources.version(),
        in(resources.listener()),
        http3.isEmpty() ? http3 : Optional.of(in(http3.get())),
        resources.routes(),
        resources.clusters(),
        resources.calls());
  }

  private Listener in(Listener listener) throws InvalidProtocolBufferException {
    var moved = listener.toBuilder();
    for (var chain : moved.getFilterChainsBuilderList()) {
      var socket = chain.getTransportSocketBuilder();
      socket.setTypedConfig(in(socket.getTypedConfig()));
    }
    return moved.build();
  }

  private Any in(Any transport) throws InvalidProtocolBufferException {
    if (transport.is(QuicDownstreamTransport.class)) {
      var quic = transport.unpack(QuicDownstreamTransport.class).toBuilder();
      move(quic.getDownstreamTlsContextBuilder().getCommonTlsContextBuilder());
      return Any.pack(quic.build());
    }
    var tls = transport.unpack(DownstreamTlsContext.class).toBuilder();
    move(tls.getCommonTlsContextBuilder());
    return Any.pack(tls.build());
  }

  private void move(CommonTlsContext.Builder common) {
    move(common.getTlsCertificateSdsSecretConfigsBuilder(0));
    move(common.getCombinedValidationContextBuilder().getValidationContextSdsSecretConfigBuilder());
  }

  private void move(SdsSecretConfig.Builder secret) {
    var source = secret.getSdsConfigBuilder().getPathConfigSourceBuilder();
    assertThat(source.getPath()).startsWith(SidecarPaths.CONFIG_DIR);
    source.setPath(source.getPath().replace(SidecarPaths.CONFIG_DIR, directory.toString()));
  }
}
