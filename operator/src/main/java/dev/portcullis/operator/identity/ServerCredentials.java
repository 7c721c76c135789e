package dev.portcullis.operator.identity;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * The operator's own certificate and key, for its servers (xDS, webhook) and for the calls by which
 * it measures sidecars. Kept in memory only; replaced in place, so that new handshakes use the new
 * one and open connections stay.
 */
public final class ServerCredentials {

  private static final Duration LIFETIME = Duration.ofHours(24);

  private final ServerIdentity identity;
  private final CryptoProvider crypto;
  private final HotKeyManager keyManager = new HotKeyManager();
  private volatile Optional<Credential> current = Optional.empty();

  public ServerCredentials(ServerIdentity identity, CryptoProvider crypto) {
    this.identity = identity;
    this.crypto = crypto;
  }

  /**
   * Takes a new certificate if there is none, half its life is over, the clock has jumped back
   * before it, or another CA signs or is trusted.
   *
   * @return what became of the order; empty if none was due
   */
  public synchronized Optional<Issuance> renewIfDue(CertificateAuthority authority, Instant now) {
    var due = current.map(credential -> credential.isDue(authority, now));
    return due.orElse(true) ? Optional.of(renew(authority, now)) : Optional.empty();
  }

  /** Key manager for every TLS server of the operator; offers nothing until there is one. */
  public X509ExtendedKeyManager keyManager() {
    return keyManager;
  }

  /** When the current certificate ends; empty while there is none. */
  public Optional<Instant> expiry() {
    return leaf().map(Leaf::notAfter);
  }

  /** The current certificate; empty while there is none. */
  public Optional<Leaf> leaf() {
    return current.map(Credential::leaf);
  }

  /** The roots that the current certificate chains to; empty while there is none. */
  public Optional<TrustBundle> trustBundle() {
    return current.map(Credential::trust);
  }

  /**
   * A context for one call to one peer: TLS with the operator's certificate, done only with the
   * peer whose certificate names {@code spiffeId} and chains to our root. Take a new one per call:
   * a resumed session would show the certificate of an earlier handshake.
   *
   * @return empty while there is no certificate
   */
  public Optional<SSLContext> clientContext(String spiffeId) {
    return current.map(credential -> clientContext(credential.trust, spiffeId));
  }

  private SSLContext clientContext(TrustBundle trust, String spiffeId) {
    try {
      var context = SSLContext.getInstance("TLSv1.3");
      context.init(
          new KeyManager[] {keyManager}, new TrustManager[] {new PeerTrust(trust, spiffeId)}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("TLS cannot be set up", e);
    }
  }

  private Issuance renew(CertificateAuthority authority, Instant now) {
    var keys = crypto.newKey(CryptoProvider.Curve.P256);
    var key = CertifiableKey.ownP256(keys.getPublic());
    var order =
        new LeafOrder(key, identity.spiffeId(), identity.dnsNames(), LIFETIME, now)
            .backdatedBy(CertificateAuthority.BACKDATED_FREELY);
    var issuance = authority.issue(order);
    if (issuance instanceof Issuance.Issued(Leaf leaf)) {
      take(new Credential(keys.getPrivate(), leaf, authority.trustBundle()));
    }
    return issuance;
  }

  private void take(Credential credential) {
    keyManager.offer(new HotKeyManager.Entry(credential.key, credential.chain()));
    current = Optional.of(credential);
  }

  private record Credential(PrivateKey key, Leaf leaf, TrustBundle trust) {

    boolean isDue(CertificateAuthority authority, Instant now) {
      return !now.isBefore(leaf.beginRefreshAt())
          || now.isBefore(leaf.notBefore())
          || !trust.equals(authority.trustBundle())
          || !chain().contains(authority.issuer());
    }

    List<X509Certificate> chain() {
      return TrustBundle.ofPem(leaf.chain()).roots();
    }
  }
}
