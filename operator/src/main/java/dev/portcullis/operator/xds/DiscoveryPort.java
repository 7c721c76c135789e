package dev.portcullis.operator.xds;

import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;

/** A port with the discovery service behind it, and the bounds that every client meets there. */
final class DiscoveryPort {

  /** A first request of Envoy lists its extensions: some 60 KiB. */
  private static final int MOST_MESSAGE_BYTES = 1 << 20;

  private static final int MOST_HEADER_BYTES = 16 << 10;

  /** An Envoy has one stream; one more may be about to end. */
  private static final int MOST_STREAMS_PER_CONNECTION = 4;

  private static final int DRAIN_SECONDS = 5;

  private final StreamContext context;
  private final Server server;

  /** {@code builder} says where and how securely, {@code peers} who a client is. */
  DiscoveryPort(NettyServerBuilder builder, StreamContext context, ServerInterceptor peers) {
    this.context = context;
    this.server =
        bounded(builder)
            .executor(context.executor())
            .addService(ServerInterceptors.intercept(new DeltaAdsService(context), peers))
            .build();
  }

  private static NettyServerBuilder bounded(NettyServerBuilder builder) {
    return builder
        .maxInboundMessageSize(MOST_MESSAGE_BYTES)
        .maxInboundMetadataSize(MOST_HEADER_BYTES)
        .maxConcurrentCallsPerConnection(MOST_STREAMS_PER_CONNECTION)
        .handshakeTimeout(10, TimeUnit.SECONDS)
        .maxConnectionIdle(60, TimeUnit.SECONDS)
        .keepAliveTime(20, TimeUnit.SECONDS)
        .keepAliveTimeout(20, TimeUnit.SECONDS)
        .permitKeepAliveTime(5, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true);
  }

  void open() {
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot open a discovery port", e);
    }
  }

  int number() {
    return server.getPort();
  }

  /** Tells every client to go elsewhere, and waits until they have gone. */
  void close() {
    server.shutdown();
    context.ledger().streams().forEach(stream -> stream.end(Status.OK));
    try {
      if (!server.awaitTermination(DRAIN_SECONDS, TimeUnit.SECONDS)) {
        server.shutdownNow().awaitTermination(DRAIN_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
