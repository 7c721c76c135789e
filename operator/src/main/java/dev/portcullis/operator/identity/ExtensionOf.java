package dev.portcullis.operator.identity;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;

/** The X.509 extensions that the authority's certificates carry. */
final class ExtensionOf {

  /** DNS names of a cluster's services end so; the operator's own server certificate has one. */
  private static final String SERVICE_DOMAIN = "svc";

  static final Extension LEAF_CONSTRAINTS =
      critical(Extension.basicConstraints, new BasicConstraints(false));
  static final Extension LEAF_USAGE =
      critical(Extension.keyUsage, new KeyUsage(KeyUsage.digitalSignature));
  static final Extension LEAF_PURPOSES =
      encoded(
          Extension.extendedKeyUsage,
          new ExtendedKeyUsage(
              new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth}));
  static final Extension CA_USAGE =
      critical(Extension.keyUsage, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));

  private ExtensionOf() {}

  static Extension caConstraints(int pathLength) {
    return critical(Extension.basicConstraints, new BasicConstraints(pathLength));
  }

  /** Below such a CA only URIs of the trust domain and DNS names of services are valid. */
  static Extension nameConstraints(TrustDomain trustDomain) {
    var permitted =
        new GeneralSubtree[] {
          subtree(GeneralName.uniformResourceIdentifier, trustDomain.name()),
          subtree(GeneralName.dNSName, SERVICE_DOMAIN)
        };
    return critical(Extension.nameConstraints, new NameConstraints(permitted, null));
  }

  /** Exactly one URI, and the DNS names if there are any. */
  static Extension names(String spiffeId, List<String> dnsNames) {
    var names = new ArrayList<GeneralName>();
    names.add(new GeneralName(GeneralName.uniformResourceIdentifier, spiffeId));
    dnsNames.forEach(name -> names.add(new GeneralName(GeneralName.dNSName, name)));
    return encoded(
        Extension.subjectAlternativeName, new GeneralNames(names.toArray(GeneralName[]::new)));
  }

  static Extension encoded(ASN1ObjectIdentifier id, ASN1Encodable value) {
    return new Extension(id, false, der(value));
  }

  private static Extension critical(ASN1ObjectIdentifier id, ASN1Encodable value) {
    return new Extension(id, true, der(value));
  }

  private static GeneralSubtree subtree(int kind, String base) {
    return new GeneralSubtree(new GeneralName(kind, base));
  }

  private static byte[] der(ASN1Encodable value) {
    try {
      return value.toASN1Primitive().getEncoded(ASN1Encoding.DER);
    } catch (IOException e) {
      throw new IllegalStateException("an extension made here must encode", e);
    }
  }
}
