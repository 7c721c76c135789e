package dev.portcullis.operator.whole;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.protobuf.UInt32Value;
import dev.portcullis.operator.envoytest.EnvoyProcess;
import dev.portcullis.operator.envoytest.FreePort;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.Http1ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters.TlsProtocol;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.ExplicitHttpConfig;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An ingress proxy that knows nothing of Portcullis: it forwards plain calls to one backend over
 * mutual TLS, with the files of a mounted Secret. Every call takes a connection of its own.
 */
final class PlainEnvoy implements AutoCloseable {

  private final HttpClient client = HttpClient.newHttpClient();
  private final int port = FreePort.next();
  private final EnvoyProcess process;

  /**
   * @param address of the backend's pod
   * @param identity the one that the backend must prove
   */
  PlainEnvoy(Path home, MountedSecret files, String address, String identity) {
    var own = write(home.resolve("own.pb"), ownSecret(files));
    var trust = write(home.resolve("trust.pb"), trustSecret(files, identity));
    var bootstrap = Bootstrap.newBuilder();
    bootstrap.getNodeBuilder().setId("ingress").setCluster("ingress");
    bootstrap
        .getStaticResourcesBuilder()
        .addListeners(listener())
        .addClusters(cluster(address, own, trust));
    process = EnvoyProcess.start(home, bootstrap);
  }

  /** Status of a call through it. */
  int get(String path) {
    try {
      var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
      return client.send(request, BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** What it tells of its certificates. */
  String certificates() {
    return process.get("/certs");
  }

  private static Secret ownSecret(MountedSecret files) {
    var secret = Secret.newBuilder().setName("own");
    var certificate = secret.getTlsCertificateBuilder();
    certificate.getCertificateChainBuilder().setFilename(files.file("tls.crt").toString());
    certificate.getPrivateKeyBuilder().setFilename(files.file("tls.key").toString());
    certificate.getWatchedDirectoryBuilder().setPath(files.directory().toString());
    return secret.build();
  }

  private static Secret trustSecret(MountedSecret files, String identity) {
    var secret = Secret.newBuilder().setName("trust");
    var trust = secret.getValidationContextBuilder();
    trust.getTrustedCaBuilder().setFilename(files.file("ca.crt").toString());
    trust.getWatchedDirectoryBuilder().setPath(files.directory().toString());
    trust
        .addMatchTypedSubjectAltNamesBuilder()
        .setSanType(SubjectAltNameMatcher.SanType.URI)
        .getMatcherBuilder()
        .setExact(identity);
    return secret.build();
  }

  private Listener listener() {
    var listener = Listener.newBuilder().setName("plain").setAddress(address("127.0.0.1", port));
    var http = HttpConnectionManager.newBuilder().setStatPrefix("plain");
    http.setRouteConfig(routes());
    http.addHttpFiltersBuilder()
        .setName("router")
        .setTypedConfig(Any.pack(Router.getDefaultInstance()));
    listener
        .addFilterChainsBuilder()
        .addFiltersBuilder()
        .setName("http")
        .setTypedConfig(Any.pack(http.build()));
    return listener.build();
  }

  private static RouteConfiguration routes() {
    var routes = RouteConfiguration.newBuilder();
    var route = routes.addVirtualHostsBuilder().setName("all").addDomains("*").addRoutesBuilder();
    route.getMatchBuilder().setPrefix("/");
    route.getRouteBuilder().setCluster("backend");
    return routes.build();
  }

  private static Cluster cluster(String address, ConfigSource own, ConfigSource trust) {
    var cluster = Cluster.newBuilder().setName("backend");
    cluster
        .getLoadAssignmentBuilder()
        .setClusterName("backend")
        .addEndpointsBuilder()
        .addLbEndpointsBuilder()
        .getEndpointBuilder()
        .setAddress(address(address, 8443));
    cluster.getTransportSocketBuilder().setName("tls").setTypedConfig(Any.pack(tls(own, trust)));
    cluster.putTypedExtensionProtocolOptions(
        "envoy.extensions.upstreams.http.v3.HttpProtocolOptions", Any.pack(oneCallEach()));
    return cluster.build();
  }

  private static UpstreamTlsContext tls(ConfigSource own, ConfigSource trust) {
    var tls = UpstreamTlsContext.newBuilder();
    var common = tls.getCommonTlsContextBuilder();
    common
        .getTlsParamsBuilder()
        .setTlsMinimumProtocolVersion(TlsProtocol.TLSv1_3)
        .setTlsMaximumProtocolVersion(TlsProtocol.TLSv1_3);
    common.addTlsCertificateSdsSecretConfigsBuilder().setName("own").setSdsConfig(own);
    common.getValidationContextSdsSecretConfigBuilder().setName("trust").setSdsConfig(trust);
    return tls.build();
  }

  private static Message oneCallEach() {
    var options =
        io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.newBuilder()
            .setCommonHttpProtocolOptions(
                HttpProtocolOptions.newBuilder().setMaxRequestsPerConnection(UInt32Value.of(1)));
    options.setExplicitHttpConfig(
        ExplicitHttpConfig.newBuilder()
            .setHttpProtocolOptions(Http1ProtocolOptions.getDefaultInstance()));
    return options.build();
  }

  private static Address address(String host, int port) {
    var address = Address.newBuilder();
    address.getSocketAddressBuilder().setAddress(host).setPortValue(port);
    return address.build();
  }

  private static ConfigSource write(Path file, Secret secret) {
    var response =
        DiscoveryResponse.newBuilder().setVersionInfo("1").addResources(Any.pack(secret));
    try {
      Files.write(file, response.build().toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var source = ConfigSource.newBuilder().setResourceApiVersionValue(2);
    source.getPathConfigSourceBuilder().setPath(file.toString());
    return source.build();
  }

  @Override
  public void close() {
    process.close();
    client.close();
  }
}
