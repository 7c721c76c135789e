package dev.portcullis.operator.envoytest;

import com.google.protobuf.Any;
import dev.portcullis.operator.envoytest.TestPki.Credential;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.BindConfig;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.Http3ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.UpgradeConfig;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.transport_sockets.quic.v3.QuicUpstreamTransport;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.ExplicitHttpConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.util.Optional;

/** A second Envoy, which takes HTTP/1.1 on loopback and calls the gate over HTTP/3. */
public final class Http3Caller implements AutoCloseable {

  private static final String GATE = "gate";
  private static final String LOOPBACK = "127.0.0.1";

  private final int port = FreePort.next();
  private final EnvoyProcess envoy;

  Http3Caller(int gate, String roots, Optional<Credential> credential, String address) {
    var bootstrap = Bootstrap.newBuilder();
    bootstrap.getNodeBuilder().setId("caller").setCluster("test");
    bootstrap
        .getStaticResourcesBuilder()
        .addListeners(listener())
        .addClusters(
            cluster(gate)
                .setTransportSocket(Transport.of(roots, credential))
                .setUpstreamBindConfig(
                    BindConfig.newBuilder()
                        .setSourceAddress(address(address, 0).getSocketAddress())));
    try {
      envoy = EnvoyProcess.start(Files.createTempDirectory("caller"), bootstrap);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public HttpAnswer get(String path) throws IOException {
    return send(HttpText.get(path));
  }

  public HttpAnswer send(HttpText request) throws IOException {
    try (var connection = connect()) {
      return connection.send(request);
    }
  }

  /** All of a caller's requests share connections to the gate. */
  public HttpConnection connect() throws IOException {
    return new HttpConnection(new Socket(LOOPBACK, port));
  }

  /** Whether the caller itself says that it got no answer. */
  public static boolean isCutOff(HttpAnswer answer) {
    return answer.status() == 503 && answer.body().startsWith("upstream connect error");
  }

  public EnvoyProcess envoy() {
    return envoy;
  }

  @Override
  public void close() {
    envoy.close();
  }

  private Listener listener() {
    var host =
        VirtualHost.newBuilder()
            .setName(GATE)
            .addDomains("*")
            .addRoutes(
                Route.newBuilder()
                    .setMatch(RouteMatch.newBuilder().setPrefix("/"))
                    .setRoute(
                        RouteAction.newBuilder()
                            .setCluster(GATE)
                            .setTimeout(com.google.protobuf.Duration.getDefaultInstance())));
    var http =
        HttpConnectionManager.newBuilder()
            .setStatPrefix(GATE)
            .addUpgradeConfigs(UpgradeConfig.newBuilder().setUpgradeType("websocket"))
            .setRouteConfig(RouteConfiguration.newBuilder().addVirtualHosts(host))
            .addHttpFilters(
                HttpFilter.newBuilder()
                    .setName("router")
                    .setTypedConfig(Any.pack(Router.getDefaultInstance())));
    return Listener.newBuilder()
        .setName(GATE)
        .setAddress(address(LOOPBACK, port))
        .addFilterChains(
            FilterChain.newBuilder()
                .addFilters(
                    Filter.newBuilder().setName("http").setTypedConfig(Any.pack(http.build()))))
        .build();
  }

  private static Cluster.Builder cluster(int gate) {
    var endpoint = Endpoint.newBuilder().setAddress(address(LOOPBACK, gate));
    var overHttp3 =
        HttpProtocolOptions.newBuilder()
            .setExplicitHttpConfig(
                ExplicitHttpConfig.newBuilder()
                    .setHttp3ProtocolOptions(
                        Http3ProtocolOptions.newBuilder().setAllowExtendedConnect(true)));
    return Cluster.newBuilder()
        .setName(GATE)
        .setType(Cluster.DiscoveryType.STATIC)
        .setLoadAssignment(
            ClusterLoadAssignment.newBuilder()
                .setClusterName(GATE)
                .addEndpoints(
                    LocalityLbEndpoints.newBuilder()
                        .addLbEndpoints(LbEndpoint.newBuilder().setEndpoint(endpoint))))
        .putTypedExtensionProtocolOptions(
            "envoy.extensions.upstreams.http.v3.HttpProtocolOptions", Any.pack(overHttp3.build()));
  }

  private static Address address(String host, int port) {
    return Address.newBuilder()
        .setSocketAddress(SocketAddress.newBuilder().setAddress(host).setPortValue(port))
        .build();
  }

  private static final class Transport {

    static io.envoyproxy.envoy.config.core.v3.TransportSocket of(
        String roots, Optional<Credential> credential) {
      var common =
          CommonTlsContext.newBuilder()
              .setValidationContext(
                  CertificateValidationContext.newBuilder().setTrustedCa(inline(roots)));
      credential.ifPresent(
          own ->
              common.addTlsCertificates(
                  TlsCertificate.newBuilder()
                      .setCertificateChain(inline(own.certificates()))
                      .setPrivateKey(inline(own.privateKey()))));
      var quic =
          QuicUpstreamTransport.newBuilder()
              .setUpstreamTlsContext(
                  UpstreamTlsContext.newBuilder().setSni(Gate.HOST).setCommonTlsContext(common));
      return io.envoyproxy.envoy.config.core.v3.TransportSocket.newBuilder()
          .setName("envoy.transport_sockets.quic")
          .setTypedConfig(Any.pack(quic.build()))
          .build();
    }

    private static DataSource inline(String pem) {
      return DataSource.newBuilder().setInlineString(pem).build();
    }
  }
}
