package dev.portcullis.operator.identity;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/** A certificate that somebody holds with its key, read back from files. */
public final class HeldLeaf {

  /** What files hold that anyone may have edited. */
  public sealed interface Reading {

    /** A certificate and its own key. */
    record Sound(HeldLeaf leaf) implements Reading {}

    /** Nothing to call with; {@code reason} names the file. */
    record Unsound(String reason) implements Reading {}
  }

  private final List<X509Certificate> chain;

  private HeldLeaf(List<X509Certificate> chain) {
    this.chain = chain;
  }

  /** Reads the files, and tries whether the key is the certificate's. */
  public static Reading read(LeafFiles files) {
    var chain = chain(files.chain());
    if (chain.isEmpty()) {
      return new Reading.Unsound("tls.crt holds no certificate");
    }
    var key = key(files.key(), chain.getFirst());
    if (key.isEmpty()) {
      return new Reading.Unsound("tls.key holds no private key of the certificate's kind");
    }
    return belongs(key.get(), chain.getFirst())
        ? new Reading.Sound(new HeldLeaf(chain))
        : new Reading.Unsound("tls.key is not the key of tls.crt");
  }

  /** The leaf first. */
  List<X509Certificate> chain() {
    return chain;
  }

  X509Certificate certificate() {
    return chain.getFirst();
  }

  public Instant notBefore() {
    return certificate().getNotBefore().toInstant();
  }

  public Instant notAfter() {
    return certificate().getNotAfter().toInstant();
  }

  /** Hexadecimal. */
  public String serialNumber() {
    return certificate().getSerialNumber().toString(16);
  }

  /** SHA-256, hexadecimal. */
  public String fingerprint() {
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(certificate().getEncoded());
      return HexFormat.of().formatHex(digest);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a parsed certificate must encode", e);
    }
  }

  /**
   * When it is to be replaced: at half its life, jittered, or {@code longest} after it begins to
   * hold if that is sooner. The jitter comes from the serial number, so every reader finds the same
   * moment and none has to remember it.
   */
  public Instant renewal(Duration longest) {
    var random = new SplittableRandom(certificate().getSerialNumber().longValue());
    var half = HalfLife.jittered(notBefore(), notAfter(), random);
    var latest = notBefore().plus(longest);
    return latest.isBefore(half) ? latest : half;
  }

  Duration lifetime() {
    return Duration.between(notBefore(), notAfter());
  }

  /** Of the key; empty if it is none that the authority knows. */
  Optional<LeafKey> keyType() {
    var key = certificate().getPublicKey().getEncoded();
    return LeafKey.of(SubjectPublicKeyInfo.getInstance(key));
  }

  /** Whether it names this identity and nothing else. */
  public boolean names(String spiffeId) {
    return PeerCertificate.of(certificate())
        .filter(it -> it.spiffeId().equals(spiffeId))
        .isPresent();
  }

  /** Whether this CA signed it, as its chain says. */
  public boolean isOf(X509Certificate issuer) {
    return chain.contains(issuer);
  }

  /** Whether it is valid at this moment. */
  public boolean holdsAt(Instant now) {
    return !now.isBefore(notBefore()) && now.isBefore(notAfter());
  }

  private static List<X509Certificate> chain(String pem) {
    try {
      return TrustBundle.ofPem(pem).roots();
    } catch (IllegalArgumentException e) {
      return List.of();
    }
  }

  private static Optional<PrivateKey> key(String pem, X509Certificate certificate) {
    try {
      var blocks = Pem.read(pem);
      if (blocks.size() != 1 || !blocks.getFirst().label().equals(Pem.PRIVATE_KEY)) {
        return Optional.empty();
      }
      var spec = new PKCS8EncodedKeySpec(blocks.getFirst().der());
      var algorithm = certificate.getPublicKey().getAlgorithm();
      return Optional.of(CryptoProvider.plainJdk().keyFactory(algorithm).generatePrivate(spec));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Signs something with the key and verifies it by the certificate. */
  private static boolean belongs(PrivateKey key, X509Certificate certificate) {
    var challenge = new BigInteger(256, new SecureRandom()).toByteArray();
    try {
      var scheme = SignatureScheme.forIssuer(certificate.getPublicKey());
      var signature = CryptoProvider.plainJdk().signature(scheme);
      signature.initSign(key);
      signature.update(challenge);
      var signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(challenge);
      return signature.verify(signed);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }
}
