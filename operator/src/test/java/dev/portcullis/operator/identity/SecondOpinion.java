package dev.portcullis.operator.identity;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.stream.Collectors;

/** The JDK's own parser and path validation, which share nothing with what made the chain. */
final class SecondOpinion {

  private SecondOpinion() {}

  static List<X509Certificate> parse(String pem) {
    return TrustBundle.ofPem(pem).roots();
  }

  static void validate(List<X509Certificate> chain, TrustBundle trust, Instant at)
      throws GeneralSecurityException {
    var anchors =
        trust.roots().stream().map(root -> new TrustAnchor(root, null)).collect(Collectors.toSet());
    var parameters = new PKIXParameters(anchors);
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(at));
    var path = CertificateFactory.getInstance("X.509").generateCertPath(chain);
    CertPathValidator.getInstance("PKIX").validate(path, parameters);
  }
}
