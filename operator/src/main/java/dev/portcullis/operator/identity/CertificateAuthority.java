package dev.portcullis.operator.identity;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Predicate;
import org.bouncycastle.asn1.x500.X500Name;

/** Signs leaves with the issuing CA. Safe for use by many threads; holds no state but its keys. */
public final class CertificateAuthority {

  /**
   * How far pods' leaves reach back, for peers whose clock is behind. The API server takes no
   * certificate whose {@code notBefore} is five minutes or more from its own clock, so this is as
   * much as there can be, less the time that an answer may take.
   */
  public static final Duration BACKDATED = Duration.ofSeconds(290);

  /** The same for leaves that the API server does not look at. */
  public static final Duration BACKDATED_FREELY = Duration.ofMinutes(6);

  /** The API server refuses leaves that live shorter. */
  public static final Duration SHORTEST_LEAF = Duration.ofHours(1);

  private static final X500Name LEAF_NAME = new X500Name("O=Portcullis");
  private static final List<Check> CHECKLIST =
      List.of(
          new Check(
              "the identity is not of this trust domain",
              draft -> draft.trustDomain.contains(draft.order.spiffeId())),
          new Check(
              "the key's type is not certified", draft -> draft.order.key().type().isCertified()),
          new Check(
              "the issuing CA is not valid yet: is the clock behind?",
              draft -> !draft.order.now().isBefore(draft.issuingFrom)),
          new Check(
              "the issuing CA ends within the hour, and has not been renewed",
              draft -> !draft.notAfter.isBefore(draft.notBefore.plus(SHORTEST_LEAF))));

  private final CaMaterial material;
  private final TrustBundle trust;
  private final TrustDomain trustDomain;
  private final Certifier certifier;
  private final String issuingPem;
  private final SecureRandom random = new SecureRandom();

  /** One whose root alone is trusted. */
  public CertificateAuthority(CaMaterial material, TrustDomain trustDomain, CryptoProvider crypto) {
    this(material, new TrustBundle(List.of(material.root().certificate())), trustDomain, crypto);
  }

  /**
   * @param trust its own root, and those that it replaces or that will replace it
   */
  public CertificateAuthority(
      CaMaterial material, TrustBundle trust, TrustDomain trustDomain, CryptoProvider crypto) {
    this.material = material;
    this.trust = trust;
    this.trustDomain = trustDomain;
    this.certifier = CaMint.certifier(material.issuing(), crypto);
    this.issuingPem = material.files().get(CaMaterial.ISSUING_CERTIFICATE);
  }

  /** Signs a leaf, or says what forbids it. */
  public Issuance issue(LeafOrder order) {
    var draft = draft(order);
    return CHECKLIST.stream()
        .filter(check -> !check.holds.test(draft))
        .findFirst()
        .<Issuance>map(check -> new Issuance.Refused(check.otherwise))
        .orElseGet(() -> new Issuance.Issued(sign(draft)));
  }

  /** Whether today's issuing CA signed it, and its chain says so. */
  public boolean isIssuerOf(HeldLeaf held) {
    var issuing = material.issuing().certificate();
    try {
      held.certificate().verify(issuing.getPublicKey());
      return held.chain().equals(List.of(held.certificate(), issuing));
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** What peers must trust, to accept these leaves and those of replaced authorities. */
  public TrustBundle trustBundle() {
    return trust;
  }

  /** The certificate by whose key leaves are signed. */
  public X509Certificate issuer() {
    return material.issuing().certificate();
  }

  /** The root that it alone needs. */
  public X509Certificate root() {
    return material.root().certificate();
  }

  public Instant rootExpiry() {
    return material.root().certificate().getNotAfter().toInstant();
  }

  public Instant issuingExpiry() {
    return material.issuing().certificate().getNotAfter().toInstant();
  }

  /** Whether it should be replaced. */
  public Renewal renewal(Instant now) {
    return IssuerRenewal.of(material, trustDomain, now);
  }

  private Draft draft(LeafOrder order) {
    var issuing = material.issuing().certificate();
    var notBefore = order.now().minus(order.backdated()).truncatedTo(ChronoUnit.SECONDS);
    var wanted = notBefore.plus(order.lifetime()).truncatedTo(ChronoUnit.SECONDS);
    var last = issuing.getNotAfter().toInstant();
    return new Draft(
        order,
        trustDomain,
        issuing.getNotBefore().toInstant(),
        notBefore,
        wanted.isAfter(last) ? last : wanted);
  }

  private Leaf sign(Draft draft) {
    var order = draft.order;
    var certificate =
        certifier.certify(
            new Certifier.Body(
                LEAF_NAME,
                draft.notBefore,
                draft.notAfter,
                order.key().info(),
                List.of(
                    ExtensionOf.LEAF_CONSTRAINTS,
                    ExtensionOf.LEAF_USAGE,
                    ExtensionOf.LEAF_PURPOSES,
                    ExtensionOf.names(order.spiffeId(), order.dnsNames()))));
    return new Leaf(
        certificate,
        Pem.certificate(certificate) + issuingPem,
        draft.notBefore,
        draft.notAfter,
        HalfLife.jittered(draft.notBefore, draft.notAfter, random));
  }

  /** Everything that the checklist looks at. */
  private record Draft(
      LeafOrder order,
      TrustDomain trustDomain,
      Instant issuingFrom,
      Instant notBefore,
      Instant notAfter) {}

  private record Check(String otherwise, Predicate<Draft> holds) {}
}
