package dev.portcullis.operator.identity;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509ExtendedKeyManager;

/** A certificate authority and the operator's own credentials, for servers of tests on loopback. */
public final class OperatorOnLoopback {

  /** Of the Service that it seems to be behind. */
  public static final String NAMESPACE = "portcullis";

  public static final String SERVICE = "webhook-it";

  private static final String IDENTITY = "spiffe://cluster.local/ns/portcullis/sa/operator";

  private final CertificateAuthority authority;
  private final ServerCredentials credentials =
      new ServerCredentials(
          new ServerIdentity(IDENTITY, List.of(SERVICE + "." + NAMESPACE + ".svc")),
          CryptoProvider.fastest());

  public OperatorOnLoopback(Instant now) {
    authority =
        new CertificateAuthority(
            new CaMint(Authorities.DOMAIN, CryptoProvider.fastest()).newAuthority(now),
            Authorities.DOMAIN,
            CryptoProvider.fastest());
    credentials.renewIfDue(authority, now);
  }

  public X509ExtendedKeyManager keys() {
    return credentials.keyManager();
  }

  public TrustBundle roots() {
    return authority.trustBundle();
  }

  /** Trusts this operator and nobody else. */
  public SSLContext client() {
    return credentials.clientContext(IDENTITY).orElseThrow();
  }

  /** As half its life later; returns when the new certificate begins to be valid. */
  public Instant renew(Instant now) {
    credentials.renewIfDue(authority, now.plus(Duration.ofHours(14)));
    return credentials.expiry().orElseThrow();
  }
}
