package dev.portcullis.operator.identity;

import static org.awaitility.Awaitility.await;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real Envoy with one listener that asks for a client certificate and answers 200. */
final class EnvoyListener implements AutoCloseable {

  private static final Path BINARY =
      Path.of(
          System.getenv()
              .getOrDefault(
                  "PORTCULLIS_ENVOY",
                  System.getProperty("user.home") + "/.cache/portcullis/envoy/1.40.0/envoy"));

  final int port;
  private final Process process;

  /** Serves with a key and chain in PEM, trusts one root. */
  EnvoyListener(Path directory, String keyAndChain, String root) throws IOException {
    this.port = freePort();
    var file = directory.resolve("envoy.pb");
    Files.write(file, bootstrap(keyAndChain, root).toByteArray());
    this.process =
        new ProcessBuilder(
                List.of(
                    BINARY.toString(),
                    "-c",
                    file.toString(),
                    "--concurrency",
                    "1",
                    "--disable-hot-restart",
                    "--log-level",
                    "warning"))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("envoy.log").toFile())
            .start();
    await()
        .atMost(Duration.ofSeconds(30))
        .failFast("Envoy ended", () -> !process.isAlive())
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(this::isListening);
  }

  private boolean isListening() throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    }
  }

  private Bootstrap bootstrap(String keyAndChain, String root) {
    var listener =
        Listener.newBuilder()
            .setName("inbound")
            .setAddress(
                Address.newBuilder()
                    .setSocketAddress(
                        SocketAddress.newBuilder().setAddress("127.0.0.1").setPortValue(port)))
            .addFilterChains(
                FilterChain.newBuilder()
                    .setTransportSocket(
                        TransportSocket.newBuilder()
                            .setName("tls")
                            .setTypedConfig(Any.pack(tls(keyAndChain, root))))
                    .addFilters(
                        Filter.newBuilder().setName("http").setTypedConfig(Any.pack(http()))));
    var bootstrap = Bootstrap.newBuilder();
    bootstrap.getStaticResourcesBuilder().addListeners(listener);
    return bootstrap.build();
  }

  private static Message tls(String keyAndChain, String root) {
    var pair = DataSource.newBuilder().setInlineString(keyAndChain);
    var common =
        CommonTlsContext.newBuilder()
            .setTlsParams(
                TlsParameters.newBuilder()
                    .setTlsMinimumProtocolVersion(TlsParameters.TlsProtocol.TLSv1_3)
                    .setTlsMaximumProtocolVersion(TlsParameters.TlsProtocol.TLSv1_3)
                    .addAllSignatureAlgorithms(
                        List.of(
                            "ecdsa_secp256r1_sha256",
                            "ecdsa_secp384r1_sha384",
                            "rsa_pss_rsae_sha256",
                            "ed25519")))
            .addTlsCertificates(
                TlsCertificate.newBuilder().setPrivateKey(pair).setCertificateChain(pair))
            .setValidationContext(
                CertificateValidationContext.newBuilder()
                    .setTrustedCa(DataSource.newBuilder().setInlineString(root)));
    return DownstreamTlsContext.newBuilder()
        .setRequireClientCertificate(BoolValue.of(true))
        .setCommonTlsContext(common)
        .build();
  }

  private static Message http() {
    var route =
        Route.newBuilder()
            .setMatch(RouteMatch.newBuilder().setPrefix("/"))
            .setDirectResponse(DirectResponseAction.newBuilder().setStatus(200));
    return HttpConnectionManager.newBuilder()
        .setStatPrefix("inbound")
        .setRouteConfig(
            RouteConfiguration.newBuilder()
                .addVirtualHosts(
                    VirtualHost.newBuilder().setName("all").addDomains("*").addRoutes(route)))
        .addHttpFilters(
            HttpFilter.newBuilder()
                .setName("router")
                .setTypedConfig(Any.pack(Router.getDefaultInstance())))
        .build();
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
