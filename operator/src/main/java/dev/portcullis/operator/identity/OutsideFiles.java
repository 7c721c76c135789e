package dev.portcullis.operator.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.portcullis.operator.identity.OutsideInspection.Fault;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CRLException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Certificates and CRLs that others have written, read strictly. */
final class OutsideFiles {

  private static final int LEAST_RSA_BITS = 2048;
  private static final int CERT_SIGN = 5;
  private static final int CRL_SIGN = 6;
  private static final Pattern BEGIN = Pattern.compile("-----BEGIN ");

  /** Each of a CA; at least one. */
  static List<X509Certificate> authorities(String text) throws OutsideFault {
    var found = new ArrayList<X509Certificate>();
    for (var block : blocks(text, Fault.CaInvalid)) {
      if (!block.label().equals(Pem.CERTIFICATE)) {
        throw new OutsideFault(
            Fault.CaInvalid, "holds a " + block.label() + "; only certificates belong there");
      }
      found.add(authority(block.der(), found.size() + 1));
    }
    if (found.isEmpty()) {
      throw new OutsideFault(Fault.CaInvalid, "holds no certificate in PEM");
    }
    return found;
  }

  private static X509Certificate authority(byte[] der, int index) throws OutsideFault {
    var certificate = certificate(der, index);
    var name = "certificate %d, '%s', ".formatted(index, certificate.getSubjectX500Principal());
    if (!isCa(certificate)) {
      throw new OutsideFault(Fault.CaInvalid, name + "is not that of a CA");
    }
    if (certificate.getPublicKey() instanceof RSAKey rsa
        && rsa.getModulus().bitLength() < LEAST_RSA_BITS) {
      throw new OutsideFault(Fault.CaInvalid, name + "has an RSA key of less than 2048 bits");
    }
    return certificate;
  }

  /** Other people's CAs may leave the usage out; then everything is allowed. */
  private static boolean isCa(X509Certificate certificate) {
    var usage = certificate.getKeyUsage();
    return certificate.getBasicConstraints() >= 0 && (usage == null || usage[CERT_SIGN]);
  }

  private static X509Certificate certificate(byte[] der, int index) throws OutsideFault {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException damaged) {
      throw new OutsideFault(Fault.CaInvalid, "has a damaged certificate, number " + index);
    }
  }

  /** At least one, each of them complete. */
  static List<X509CRL> lists(byte[] content) throws OutsideFault {
    var text = new String(content, US_ASCII);
    var found = new ArrayList<X509CRL>();
    if (!text.contains("-----BEGIN ")) {
      return List.of(list(content));
    }
    for (var block : blocks(text, Fault.CrlInvalid)) {
      if (!block.label().equals(Pem.CRL)) {
        throw new OutsideFault(
            Fault.CrlInvalid, "holds a " + block.label() + "; only CRLs belong there");
      }
      found.add(list(block.der()));
    }
    if (found.isEmpty()) {
      throw new OutsideFault(Fault.CrlInvalid, "holds no CRL");
    }
    return found;
  }

  /** A delta, or the CRL of a part, would pass for the list of all. */
  private static X509CRL list(byte[] der) throws OutsideFault {
    try {
      var list =
          (X509CRL)
              CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(der));
      var critical = list.getCriticalExtensionOIDs();
      if (critical != null && !critical.isEmpty()) {
        throw new OutsideFault(
            Fault.CrlInvalid,
            "holds a CRL that is not complete in itself: critical extension " + critical);
      }
      return list;
    } catch (CRLException | CertificateException damaged) {
      throw new OutsideFault(Fault.CrlInvalid, "holds no CRL, or a damaged one");
    }
  }

  private static List<Pem> blocks(String text, Fault fault) throws OutsideFault {
    try {
      var blocks = Pem.read(text);
      if (blocks.size() == BEGIN.matcher(text).results().count()) {
        return blocks;
      }
    } catch (IllegalArgumentException damaged) {
      throw new OutsideFault(fault, "has a damaged block of PEM");
    }
    throw new OutsideFault(fault, "has a damaged block of PEM");
  }

  /** Whether this CA has signed the list, and may. */
  static boolean isOf(X509Certificate authority, X509CRL list) {
    var usage = authority.getKeyUsage();
    if (!list.getIssuerX500Principal().equals(authority.getSubjectX500Principal())
        || (usage != null && !usage[CRL_SIGN])) {
      return false;
    }
    try {
      list.verify(authority.getPublicKey());
      return true;
    } catch (GeneralSecurityException not) {
      return false;
    }
  }

  static String pem(X509Certificate certificate) {
    try {
      return Pem.certificate(certificate.getEncoded());
    } catch (CertificateEncodingException impossible) {
      throw new IllegalStateException("it was read from its encoding", impossible);
    }
  }

  static String pem(X509CRL list) {
    try {
      return new Pem(Pem.CRL, list.getEncoded()).text();
    } catch (CRLException impossible) {
      throw new IllegalStateException("it was read from its encoding", impossible);
    }
  }

  private OutsideFiles() {}
}
