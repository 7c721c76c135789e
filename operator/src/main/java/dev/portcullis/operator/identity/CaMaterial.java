package dev.portcullis.operator.identity;

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.TreeMap;

/**
 * Root and issuing CA with their keys, as they are kept.
 *
 * <p>Its files, all PEM: {@value #ROOT_CERTIFICATE}, {@value #ROOT_KEY}, {@value
 * #ISSUING_CERTIFICATE}, {@value #ISSUING_KEY}; keys as PKCS #8.
 */
public record CaMaterial(Root root, SigningPair issuing) {

  /** In the place of a key that is kept elsewhere: a file that is merely gone is damage. */
  static final String ELSEWHERE = "kept elsewhere\n";

  public static final String ROOT_CERTIFICATE = "root.crt";
  public static final String ROOT_KEY = "root.key";
  public static final String ISSUING_CERTIFICATE = "issuing.crt";
  public static final String ISSUING_KEY = "issuing.key";

  /** With the keys of both. */
  public static CaMaterial of(SigningPair root, SigningPair issuing) {
    return new CaMaterial(Root.of(root), issuing);
  }

  /** File name to PEM text. Holds private keys: for the Secret only. */
  public Map<String, String> files() {
    var files = new TreeMap<String, String>();
    files.put(ROOT_CERTIFICATE, certificatePem(root.certificate()));
    files.put(ROOT_KEY, root.key().map(key -> Pem.privateKey(key.getEncoded())).orElse(ELSEWHERE));
    files.put(ISSUING_CERTIFICATE, certificatePem(issuing.certificate()));
    files.put(ISSUING_KEY, Pem.privateKey(issuing.key().getEncoded()));
    return files;
  }

  /** The files of one whose keys are not kept. */
  public static Map<String, String> certificates(X509Certificate root, X509Certificate issuing) {
    return Map.of(
        ROOT_CERTIFICATE, certificatePem(root), ISSUING_CERTIFICATE, certificatePem(issuing));
  }

  private static String certificatePem(X509Certificate certificate) {
    try {
      return Pem.certificate(certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a parsed certificate must encode", e);
    }
  }
}
