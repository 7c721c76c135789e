package dev.portcullis.operator.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerCredentialsTest {

  private static final String OPERATOR = "spiffe://cluster.local/ns/portcullis/sa/operator";

  /** Handshakes check certificates by the machine's own clock. */
  private final Instant now = Clock.systemUTC().instant().truncatedTo(ChronoUnit.SECONDS);

  private final CertificateAuthority authority = authorityOf(now);
  private final ServerCredentials credentials =
      new ServerCredentials(
          new ServerIdentity(OPERATOR, List.of("portcullis.portcullis.svc")),
          CryptoProvider.fastest());

  @Test
  void nothingIsOfferedBeforeThereIsACertificate() {
    assertThat(credentials.keyManager().chooseEngineServerAlias("EC", null, null)).isNull();
    assertThat(credentials.clientContext(OPERATOR)).isEmpty();
  }

  @Test
  void itIsRenewedAtHalfItsLifeAndNotBefore() {
    assertThat(credentials.renewIfDue(authority, now)).isPresent();
    assertThat(credentials.renewIfDue(authority, now.plus(Duration.ofHours(10)))).isEmpty();
    assertThat(credentials.renewIfDue(authority, now.plus(Duration.ofHours(14)))).isPresent();
  }

  @Test
  void aJumpOfTheClockRenewsOnce() {
    var ahead = now.plus(Duration.ofDays(1));
    credentials.renewIfDue(authority, ahead);

    assertThat(credentials.renewIfDue(authority, now)).isPresent();
    assertThat(credentials.renewIfDue(authority, now)).isEmpty();
  }

  @Test
  void aClockThatGoesAheadAndComesBackCostsOneCertificateEachWay() {
    credentials.renewIfDue(authority, now);

    for (var round = 0; round < 3; round++) {
      assertThat(timesRenewed(now.plus(Duration.ofHours(13 + round)))).isLessThanOrEqualTo(1);
      assertThat(timesRenewed(now.plusSeconds(round))).isLessThanOrEqualTo(1);
      assertThat(credentials.leaf().orElseThrow().notBefore()).isBefore(now);
    }
  }

  private long timesRenewed(Instant at) {
    return IntStream.range(0, 20)
        .filter(i -> credentials.renewIfDue(authority, at.plusSeconds(i)).isPresent())
        .count();
  }

  @ParameterizedTest
  @ValueSource(ints = {-300, 0, 300})
  void aPeerWhoseClockIsFiveMinutesOffAcceptsAFreshOne(int seconds) throws Exception {
    credentials.renewIfDue(authority, now);

    try (var server = serverSocket()) {
      assertThat(PeerCertificate.of(handshake(server, clientAt(now.plusSeconds(seconds)))))
          .isPresent();
    }
  }

  @Test
  void aPeerWhoseClockIsFarBehindRefusesIt() throws Exception {
    credentials.renewIfDue(authority, now);

    try (var server = serverSocket()) {
      assertThatThrownBy(() -> handshake(server, clientAt(now.minusSeconds(600))))
          .hasStackTraceContaining("NotBefore");
    }
  }

  /** A client of JSSE that finds this moment on its clock. */
  private SSLContext clientAt(Instant moment) throws GeneralSecurityException {
    var anchors = authority.trustBundle().roots().stream().map(root -> new TrustAnchor(root, null));
    var parameters =
        new PKIXBuilderParameters(anchors.collect(Collectors.toSet()), new X509CertSelector());
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(moment));
    var trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(new CertPathTrustManagerParameters(parameters));
    var context = SSLContext.getInstance("TLSv1.3");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  @Test
  void anotherRootRenewsAtOnce() {
    credentials.renewIfDue(authority, now);

    assertThat(credentials.renewIfDue(authorityOf(now), now)).isPresent();
  }

  @Test
  void aClientMeetsThePeerItExpectsAndReadsItsCertificate() throws Exception {
    credentials.renewIfDue(authority, now);
    var session = handshake(OPERATOR);

    assertThat(PeerCertificate.of(session))
        .contains(new PeerCertificate(OPERATOR, credentials.expiry().orElseThrow()));
  }

  @Test
  void aClientRefusesAnotherIdentityUnderTheSameRoot() {
    credentials.renewIfDue(authority, now);

    assertThatThrownBy(() -> handshake("spiffe://cluster.local/ns/portcullis/sa/operato"))
        .isInstanceOf(SSLException.class)
        .hasMessageContaining(OPERATOR);
  }

  @Test
  void aNewCertificateIsServedWithoutANewContext() throws Exception {
    // Given a server whose context was made with the first certificate
    credentials.renewIfDue(authority, now);
    var first = credentials.expiry().orElseThrow();
    try (var server = serverSocket()) {
      assertThat(expiryServedBy(server)).isEqualTo(first);

      // When the certificate is renewed
      credentials.renewIfDue(authority, now.plus(Duration.ofHours(14)));
      var second = credentials.expiry().orElseThrow();

      // Then the same server presents it: the client, whose clock is behind, finds it too young
      assertThat(second).isAfter(first);
      assertThatThrownBy(() -> expiryServedBy(server)).hasStackTraceContaining("NotBefore");
    }
  }

  private static CertificateAuthority authorityOf(Instant now) {
    var mint = new CaMint(Authorities.DOMAIN, CryptoProvider.fastest());
    return new CertificateAuthority(
        mint.newAuthority(now), Authorities.DOMAIN, CryptoProvider.fastest());
  }

  private SSLSession handshake(String expectedPeer) throws Exception {
    try (var server = serverSocket()) {
      return handshake(server, expectedPeer);
    }
  }

  private Instant expiryServedBy(SSLServerSocket server) throws Exception {
    return PeerCertificate.of(handshake(server, OPERATOR)).orElseThrow().notAfter();
  }

  private SSLSession handshake(SSLServerSocket server, String expectedPeer) throws Exception {
    return handshake(server, credentials.clientContext(expectedPeer).orElseThrow());
  }

  private static SSLSession handshake(SSLServerSocket server, SSLContext context) throws Exception {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      executor.submit(() -> acceptOnce(server));
      try (var socket =
          (SSLSocket)
              context
                  .getSocketFactory()
                  .createSocket(InetAddress.getLoopbackAddress(), server.getLocalPort())) {
        socket.startHandshake();
        return socket.getSession();
      }
    }
  }

  private static Void acceptOnce(SSLServerSocket server) throws IOException {
    try (var socket = (SSLSocket) server.accept()) {
      socket.startHandshake();
    } catch (SSLException e) {
      // the client refused, which is what its test is about
    }
    return null;
  }

  private SSLServerSocket serverSocket() throws Exception {
    var context = SSLContext.getInstance("TLSv1.3");
    context.init(new KeyManager[] {credentials.keyManager()}, null, null);
    return (SSLServerSocket)
        context.getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }
}
