package dev.portcullis.bootstrap.command;

import io.envoyproxy.controlplane.cache.v3.SimpleCache;
import io.envoyproxy.controlplane.cache.v3.Snapshot;
import io.envoyproxy.controlplane.server.V3DiscoveryServer;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** The operator's discovery service, over TLS, with the same snapshot for everyone. */
final class DiscoveryService implements AutoCloseable {

  static final String IDENTITY = "spiffe://cluster.local/ns/system/sa/operator";

  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final SimpleCache<String> cache = new SimpleCache<>(node -> "all");
  private final AtomicReference<String> authorization = new AtomicReference<>("");
  private final Server server;
  private int version;

  DiscoveryService(String address, TestPki.Credential credential) throws IOException {
    var tls =
        GrpcSslContexts.configure(
                SslContextBuilder.forServer(credential.key(), credential.certificate()))
            .protocols("TLSv1.3")
            .build();
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(address, 0))
            .sslContext(tls)
            .intercept(new Recording(authorization))
            .addService(new V3DiscoveryServer(cache).getAggregatedDiscoveryServiceImpl())
            .build()
            .start();
  }

  void serve(Listener listener, Cluster cluster) {
    cache.setSnapshot(
        "all",
        Snapshot.create(
            List.of(cluster),
            List.of(),
            List.of(listener),
            List.of(),
            List.of(),
            String.valueOf(++version)));
  }

  int port() {
    return server.getPort();
  }

  /** What the last stream was opened with. */
  String authorization() {
    return authorization.get();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private record Recording(AtomicReference<String> authorization) implements ServerInterceptor {

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      authorization.set(headers.get(AUTHORIZATION));
      return next.startCall(call, headers);
    }
  }
}
