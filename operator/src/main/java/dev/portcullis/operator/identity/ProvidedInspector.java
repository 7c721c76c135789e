package dev.portcullis.operator.identity;

import dev.portcullis.operator.identity.ProvidedInspection.Accepted;
import dev.portcullis.operator.identity.ProvidedInspection.Refused;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Looks at a CA that people bring, as a {@code kubernetes.io/tls} Secret: {@value #CERTIFICATE} and
 * {@value #KEY}, and {@value #ROOT} where the first is an issuing CA. It tries what peers will do:
 * a certificate is issued and its chain validated.
 */
public final class ProvidedInspector {

  public static final String CERTIFICATE = "tls.crt";
  public static final String KEY = "tls.key";
  public static final String ROOT = "ca.crt";

  private static final int LEAST_RSA_BITS = 3072;
  private static final int LEAST_EC_BITS = 256;

  private final TrustDomain trustDomain;
  private final Instant now;

  private ProvidedInspector(TrustDomain trustDomain, Instant now) {
    this.trustDomain = trustDomain;
    this.now = now;
  }

  /** The first fault that is found, or what can be used. */
  public static ProvidedInspection inspect(
      Map<String, byte[]> content, TrustDomain trustDomain, Instant now) {
    try {
      return new ProvidedInspector(trustDomain, now).inspect(new CaFiles(content));
    } catch (CaFiles.DamagedFile e) {
      return new Refused(e.getMessage());
    }
  }

  private ProvidedInspection inspect(CaFiles files) throws CaFiles.DamagedFile {
    var brought = new SigningPair(files.certificate(CERTIFICATE), files.key(KEY));
    return CaInspector.signed(brought.certificate(), brought.certificate())
        ? root(brought)
        : issuing(brought, files.certificate(ROOT));
  }

  private ProvidedInspection root(SigningPair root) {
    return firstOf(
            fault(CERTIFICATE, root.certificate()),
            mismatch(root),
            nothingBelow(CERTIFICATE, root.certificate()))
        .<ProvidedInspection>map(Refused::new)
        .orElseGet(() -> tried(new ProvidedAuthority.OfRoot(root)));
  }

  private ProvidedInspection issuing(SigningPair issuing, X509Certificate root) {
    return firstOf(
            fault(CERTIFICATE, issuing.certificate()),
            mismatch(issuing),
            fault(ROOT, root),
            unless(() -> CaInspector.signed(root, root), ROOT + " has not signed itself"),
            nothingBelow(ROOT, root),
            unless(
                () -> CaInspector.signed(root, issuing.certificate()),
                CERTIFICATE + " is not signed by " + ROOT))
        .<ProvidedInspection>map(Refused::new)
        .orElseGet(
            () ->
                tried(
                    new ProvidedAuthority.OfIssuing(
                        new CaMaterial(new Root(root, Optional.empty()), issuing))));
  }

  private Optional<String> fault(String file, X509Certificate found) {
    return firstOf(
        unless(() -> CaInspector.isCa(found), file + " is not a CA certificate"),
        unless(() -> now.isBefore(end(found)), file + " has expired, on " + end(found)),
        unless(
            () -> !now.isBefore(found.getNotBefore().toInstant()),
            file + " is not valid before " + found.getNotBefore().toInstant()),
        weakKey(file, found),
        unless(
            () -> !found.getSigAlgName().toUpperCase(Locale.ROOT).matches("(SHA1|MD5|MD2).*"),
            file + " is signed with " + found.getSigAlgName() + "; SHA-256 or better is needed"));
  }

  private static Optional<String> weakKey(String file, X509Certificate found) {
    return switch (found.getPublicKey()) {
      case RSAKey rsa -> weak(file, "RSA", rsa.getModulus().bitLength(), LEAST_RSA_BITS);
      case ECKey ec ->
          weak(file, "EC", ec.getParams().getCurve().getField().getFieldSize(), LEAST_EC_BITS);
      default ->
          Optional.of(
              file
                  + " has a key of type "
                  + found.getPublicKey().getAlgorithm()
                  + "; use EC or RSA");
    };
  }

  private static Optional<String> weak(String file, String type, int bits, int least) {
    return unless(
        () -> bits >= least,
        "%s has a weak key: %s with %d bits; at least %d are needed"
            .formatted(file, type, bits, least));
  }

  private static Optional<String> mismatch(SigningPair pair) {
    return unless(() -> CaInspector.belongs(pair), KEY + " is not the key of " + CERTIFICATE);
  }

  private static Optional<String> nothingBelow(String file, X509Certificate root) {
    return unless(
        () -> root.getBasicConstraints() >= 1,
        "%s is a root with path length %d, so no issuing CA can be below it"
            .formatted(file, root.getBasicConstraints()));
  }

  /** Catches what no single check knows of: name constraints, purposes, an end within the hour. */
  private ProvidedInspection tried(ProvidedAuthority authority) {
    var crypto = CryptoProvider.plainJdk();
    var material = authority.material(new CaMint(trustDomain, crypto), now);
    var keys = crypto.newKey(CryptoProvider.Curve.P256);
    var order =
        new LeafOrder(
            CertifiableKey.ownP256(keys.getPublic()),
            trustDomain.serviceAccount("trial", "trial"),
            List.of(),
            Duration.ofHours(24),
            now);
    return switch (new CertificateAuthority(material, trustDomain, crypto).issue(order)) {
      case Issuance.Refused(String reason) -> new Refused("it cannot issue: " + reason);
      case Issuance.Issued(Leaf leaf) ->
          invalid(leaf, authority.root())
              .<ProvidedInspection>map(Refused::new)
              .orElseGet(() -> new Accepted(authority));
    };
  }

  /** With the root in the path, so that its own constraints count, as they do for Envoy. */
  private Optional<String> invalid(Leaf leaf, X509Certificate root) {
    try {
      var anchor = new TrustAnchor(root.getSubjectX500Principal(), root.getPublicKey(), null);
      var parameters = new PKIXParameters(Set.of(anchor));
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(now));
      var chain = new ArrayList<>(TrustBundle.ofPem(leaf.chain()).roots());
      chain.add(root);
      var path = CertificateFactory.getInstance("X.509").generateCertPath(chain);
      CertPathValidator.getInstance("PKIX").validate(path, parameters);
      return Optional.empty();
    } catch (GeneralSecurityException | RuntimeException e) {
      // The JDK fails, instead of refusing, where URI constraints of two CAs must be merged.
      return Optional.of("certificates that it issues would not be valid: " + e.getMessage());
    }
  }

  private static Instant end(X509Certificate certificate) {
    return certificate.getNotAfter().toInstant();
  }

  @SafeVarargs
  private static Optional<String> firstOf(Optional<String>... faults) {
    return Stream.of(faults).flatMap(Optional::stream).findFirst();
  }

  private static Optional<String> unless(BooleanSupplier holds, String otherwise) {
    return holds.getAsBoolean() ? Optional.empty() : Optional.of(otherwise);
  }
}
