package dev.portcullis.operator.identity;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Trusts servers whose certificate chains to the bundle and names exactly one SPIFFE id. Host names
 * play no part: pods are called by address.
 */
final class PeerTrust extends X509ExtendedTrustManager {

  private final X509TrustManager chains;
  private final String spiffeId;

  PeerTrust(TrustBundle bundle, String spiffeId) {
    this.chains = chainsTo(bundle);
    this.spiffeId = spiffeId;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    chains.checkServerTrusted(chain, authType);
    var found = PeerCertificate.of(chain[0]).map(PeerCertificate::spiffeId);
    if (!found.equals(Optional.of(spiffeId))) {
      throw new CertificateException(
          "expected %s, but the peer is %s".formatted(spiffeId, found.orElse("nobody we know")));
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    checkServerTrusted(chain, authType);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    checkServerTrusted(chain, authType);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("this trust is for calling, not for serving");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    checkClientTrusted(chain, authType);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    checkClientTrusted(chain, authType);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return chains.getAcceptedIssuers();
  }

  private static X509TrustManager chainsTo(TrustBundle bundle) {
    try {
      var store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (var root : bundle.roots()) {
        // Roots of others may have one serial number.
        store.setCertificateEntry("root-" + store.size(), root);
      }
      var factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(store);
      return Arrays.stream(factory.getTrustManagers())
          .filter(X509TrustManager.class::isInstance)
          .map(X509TrustManager.class::cast)
          .findFirst()
          .orElseThrow();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("no trust can be built on the bundle", e);
    }
  }
}
