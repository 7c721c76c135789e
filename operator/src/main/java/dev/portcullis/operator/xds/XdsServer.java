package dev.portcullis.operator.xds;

import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509ExtendedKeyManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two discovery servers of one replica: the sidecars' over TLS 1.3, where a token tells the
 * peer, and the canary's in the clear on loopback. Start it after the caches of the cluster's state
 * are full: a group that nothing is known of yet costs its new proxies their first configuration,
 * never what they have.
 */
public final class XdsServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(XdsServer.class);

  /** A first request of Envoy lists its extensions: some 60 KiB. */
  private static final int MOST_MESSAGE_BYTES = 1 << 20;

  private static final int MOST_HEADER_BYTES = 16 << 10;

  /** An Envoy has one stream; one more may be about to end. */
  private static final int MOST_STREAMS_PER_CONNECTION = 4;

  private static final int DRAIN_SECONDS = 5;

  private final XdsService service;
  private final CanaryGate gate;
  private final DeliveryLedger ledger;
  private final StreamSweeper sweeper;
  private final StreamSweeper canarySweeper;
  private final Server sidecars;
  private final Server canary;
  private final ExecutorService calls;
  private final ScheduledExecutorService clockwork;

  /** Who may open a stream, and what it gets. */
  public record Peers(PeerAuthenticator authenticator, PeerGroups groups) {}

  /**
   * Opens no port yet.
   *
   * @param keys gives the server's certificate of now at every handshake
   */
  public XdsServer(
      XdsSettings settings, X509ExtendedKeyManager keys, Peers peers, MeterRegistry registry) {
    var clock = InstantSource.system();
    calls =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("portcullis-xds-", 0).factory());
    clockwork =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("portcullis-xds-clock").factory());

    var canaryStore = new ResourceStore();
    var canaryLedger = new DeliveryLedger();
    var canaryProxy = new XdsCanary(canaryStore, canaryLedger, settings.canaryAnswer());
    var canaryMetrics = new XdsMetrics(registry, "portcullis.canary");
    var canaryContext =
        new StreamContext(canaryStore, XdsCanary.GROUPS, canaryLedger, canaryMetrics, calls, clock);
    canarySweeper = new StreamSweeper(canaryContext, settings.acknowledgement());
    canary =
        limited(
                NettyServerBuilder.forAddress(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), settings.canaryPort())))
            .addService(
                ServerInterceptors.intercept(
                    new DeltaAdsService(canaryContext), new FixedPeer(XdsCanary.SESSION)))
            .build();

    var store = new ResourceStore();
    ledger = new DeliveryLedger();
    var metrics = new XdsMetrics(registry, "portcullis.xds");
    gate =
        new CanaryGate(
            canaryProxy,
            store,
            new CanaryMetrics(registry, canaryProxy),
            new CanaryGate.Settings(settings.canaryGrace(), calls));
    var context = new StreamContext(store, peers.groups(), ledger, metrics, calls, clock);
    sweeper = new StreamSweeper(context, settings.acknowledgement());
    sidecars =
        limited(NettyServerBuilder.forPort(settings.port()))
            .sslContext(tls(keys))
            .addService(
                ServerInterceptors.intercept(
                    new DeltaAdsService(context),
                    new BearerAuthentication(peers.authenticator(), metrics, clock)))
            .build();
    service = new XdsService(gate, ledger);
  }

  private NettyServerBuilder limited(NettyServerBuilder builder) {
    return builder
        .executor(calls)
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

  private static SslContext tls(X509ExtendedKeyManager keys) {
    try {
      return GrpcSslContexts.configure(SslContextBuilder.forServer(keys), SslProvider.JDK)
          .protocols("TLSv1.3")
          .build();
    } catch (SSLException e) {
      throw new IllegalStateException("TLS 1.3 with ALPN is part of every Java platform", e);
    }
  }

  /** Opens both ports. */
  public void start() {
    try {
      canary.start();
      sidecars.start();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot open the xDS ports", e);
    }
    gate.start();
    clockwork.scheduleWithFixedDelay(this::sweep, 1, 1, TimeUnit.SECONDS);
    LOG.atInfo()
        .addKeyValue("port", port())
        .addKeyValue("canaryPort", canaryPort())
        .log("xDS servers started");
  }

  private void sweep() {
    try {
      sweeper.sweep();
      canarySweeper.sweep();
    } catch (RuntimeException e) {
      LOG.error("sweep of streams failed", e);
    }
  }

  public Xds xds() {
    return service;
  }

  public int port() {
    return sidecars.getPort();
  }

  public int canaryPort() {
    return canary.getPort();
  }

  /** Lets proxies go, so that they find another replica, and closes both ports. */
  @Override
  public void close() {
    clockwork.shutdownNow();
    gate.stop();
    sidecars.shutdown();
    ledger.streams().forEach(stream -> stream.end(Status.OK));
    canary.shutdownNow();
    try {
      if (!sidecars.awaitTermination(DRAIN_SECONDS, TimeUnit.SECONDS)) {
        sidecars.shutdownNow();
      }
    } catch (InterruptedException e) {
      sidecars.shutdownNow();
      Thread.currentThread().interrupt();
    }
    calls.shutdown();
  }
}
