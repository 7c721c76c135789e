package dev.portcullis.operator.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The files of a certificate authority, as found: nothing about them is trusted. */
record CaFiles(Map<String, byte[]> files) {

  private static final List<String> KEY_ALGORITHMS = List.of("EC", "RSA");

  /** A file that is absent or garbage, in a sentence. */
  static final class DamagedFile extends Exception {
    DamagedFile(String message) {
      super(message);
    }
  }

  Root root() throws DamagedFile {
    var certificate = certificate(CaMaterial.ROOT_CERTIFICATE);
    return isElsewhere(CaMaterial.ROOT_KEY)
        ? new Root(certificate, Optional.empty())
        : new Root(certificate, Optional.of(key(CaMaterial.ROOT_KEY)));
  }

  private boolean isElsewhere(String name) {
    return new String(files.getOrDefault(name, new byte[0]), US_ASCII).equals(CaMaterial.ELSEWHERE);
  }

  SigningPair issuing() throws DamagedFile {
    return pair(CaMaterial.ISSUING_CERTIFICATE, CaMaterial.ISSUING_KEY);
  }

  /** Whether any trace of an issuing CA is there. */
  boolean haveIssuing() {
    return files.containsKey(CaMaterial.ISSUING_CERTIFICATE)
        || files.containsKey(CaMaterial.ISSUING_KEY);
  }

  private SigningPair pair(String certificate, String key) throws DamagedFile {
    return new SigningPair(certificate(certificate), key(key));
  }

  X509Certificate certificate(String name) throws DamagedFile {
    var der = block(name, Pem.CERTIFICATE);
    try {
      return CaMint.parse(der);
    } catch (IllegalArgumentException e) {
      throw new DamagedFile(name + " is not a certificate");
    }
  }

  PrivateKey key(String name) throws DamagedFile {
    var spec = new PKCS8EncodedKeySpec(block(name, Pem.PRIVATE_KEY));
    return KEY_ALGORITHMS.stream()
        .flatMap(algorithm -> key(algorithm, spec).stream())
        .findFirst()
        .orElseThrow(
            () -> new DamagedFile(name + " is neither an EC nor an RSA private key (PKCS #8)"));
  }

  private static Optional<PrivateKey> key(String algorithm, PKCS8EncodedKeySpec spec) {
    try {
      return Optional.of(CryptoProvider.plainJdk().keyFactory(algorithm).generatePrivate(spec));
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  private byte[] block(String name, String label) throws DamagedFile {
    var content = files.getOrDefault(name, new byte[0]);
    if (content.length == 0) {
      throw new DamagedFile(name + " is missing or empty");
    }
    try {
      var blocks = Pem.read(new String(content, US_ASCII));
      if (blocks.size() == 1 && blocks.getFirst().label().equals(label)) {
        return blocks.getFirst().der();
      }
    } catch (IllegalArgumentException e) {
      throw new DamagedFile(name + " is damaged PEM");
    }
    throw new DamagedFile(name + " must hold exactly one PEM block of type " + label);
  }
}
