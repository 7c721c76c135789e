package dev.portcullis.operator.xds;

import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
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

  private final XdsService service;
  private final CanaryGate gate;
  private final List<StreamSweeper> sweepers;
  private final DiscoveryPort sidecars;
  private final DiscoveryPort canary;
  private final ExecutorService calls =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("portcullis-xds-", 0).factory());
  private final ScheduledExecutorService clockwork =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("portcullis-xds-clock").factory());

  /**
   * Who may open a stream, and what it gets. The canary gets no secret: it only ever sees
   * configurations that name files.
   */
  public record Peers(PeerAuthenticator authenticator, PeerGroups groups, PeerSecrets secrets) {

    /** Of proxies that read their secrets from files. */
    public Peers(PeerAuthenticator authenticator, PeerGroups groups) {
      this(authenticator, groups, PeerSecrets.NONE);
    }
  }

  /**
   * Opens no port yet.
   *
   * @param keys gives the server's certificate of now at every handshake
   */
  public XdsServer(
      XdsSettings settings, X509ExtendedKeyManager keys, Peers peers, MeterRegistry registry) {
    var ofCanary =
        context(XdsCanary.GROUPS, PeerSecrets.NONE, new XdsMetrics(registry, "portcullis.canary"));
    var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), settings.canaryPort());
    canary =
        new DiscoveryPort(
            NettyServerBuilder.forAddress(loopback), ofCanary, new FixedPeer(XdsCanary.SESSION));

    var ofSidecars =
        context(peers.groups(), peers.secrets(), new XdsMetrics(registry, "portcullis.xds"));
    var authentication =
        new BearerAuthentication(peers.authenticator(), ofSidecars.metrics(), ofSidecars.clock());
    sidecars =
        new DiscoveryPort(
            NettyServerBuilder.forPort(settings.port()).sslContext(tls(keys)),
            ofSidecars,
            authentication);

    var proxy = new XdsCanary(ofCanary.store(), ofCanary.ledger(), settings.canaryAnswer());
    gate =
        new CanaryGate(
            proxy,
            ofSidecars.store(),
            new CanaryMetrics(registry, proxy),
            new CanaryGate.Settings(settings.canaryGrace(), calls));
    sweepers =
        List.of(
            new StreamSweeper(ofSidecars, settings.acknowledgement()),
            new StreamSweeper(ofCanary, settings.acknowledgement()));
    service = new XdsService(gate, ofSidecars.store().endpoints(), ofSidecars.ledger());
  }

  private StreamContext context(PeerGroups groups, PeerSecrets secrets, XdsMetrics metrics) {
    return new StreamContext(
        new ResourceStore(),
        groups,
        secrets,
        new DeliveryLedger(),
        metrics,
        calls,
        InstantSource.system());
  }

  private static SslContext tls(X509ExtendedKeyManager keys) {
    try {
      return new WithoutFiniteFields(
          GrpcSslContexts.configure(SslContextBuilder.forServer(keys), SslProvider.JDK)
              .protocols("TLSv1.3")
              .build());
    } catch (SSLException e) {
      throw new IllegalStateException("TLS 1.3 with ALPN is part of every Java platform", e);
    }
  }

  /** Opens both ports. */
  public void start() {
    canary.open();
    sidecars.open();
    gate.start();
    clockwork.scheduleWithFixedDelay(this::sweep, 1, 1, TimeUnit.SECONDS);
    LOG.atInfo()
        .addKeyValue("port", port())
        .addKeyValue("canaryPort", canaryPort())
        .log("xDS servers started");
  }

  private void sweep() {
    try {
      sweepers.forEach(StreamSweeper::sweep);
    } catch (RuntimeException e) {
      LOG.error("sweep of streams failed", e);
    }
  }

  public Xds xds() {
    return service;
  }

  /** Of the sidecars. */
  public int port() {
    return sidecars.number();
  }

  /** On loopback. */
  public int canaryPort() {
    return canary.number();
  }

  /** Lets proxies go, so that they find another replica, and closes both ports. */
  @Override
  public void close() {
    clockwork.shutdownNow();
    gate.stop();
    sidecars.close();
    canary.close();
    calls.shutdown();
  }
}
