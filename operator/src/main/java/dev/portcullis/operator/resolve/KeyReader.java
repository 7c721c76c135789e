package dev.portcullis.operator.resolve;

import static dev.portcullis.operator.resolve.Given.or;

import dev.portcullis.api.v1alpha1.JwksSpec;
import dev.portcullis.operator.intent.VerificationKey;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * Public keys that a proxy can check signatures with. It would refuse the rest, or take it without
 * a word and never find a token valid.
 */
public final class KeyReader {

  private static final int LEAST_BITS = 2048;
  private static final int MOST_BITS = 8192;
  private static final int ED25519_BYTES = 32;
  private static final int EXPONENT_BITS = 33;
  private static final BigInteger THREE = BigInteger.valueOf(3);

  private enum Curve {
    P_256("P-256", "secp256r1", 32, JwksSpec.Algorithm.ES256),
    P_384("P-384", "secp384r1", 48, JwksSpec.Algorithm.ES384),
    P_521("P-521", "secp521r1", 66, JwksSpec.Algorithm.ES512);

    final String name;
    final String javaName;
    final int bytes;
    final JwksSpec.Algorithm algorithm;

    Curve(String name, String javaName, int bytes, JwksSpec.Algorithm algorithm) {
      this.name = name;
      this.javaName = javaName;
      this.bytes = bytes;
      this.algorithm = algorithm;
    }
  }

  private static final Map<JwksSpec.Curve, Curve> CURVES =
      Map.of(
          JwksSpec.Curve.P_256, Curve.P_256,
          JwksSpec.Curve.P_384, Curve.P_384,
          JwksSpec.Curve.P_521, Curve.P_521);

  /** Of a set that an issuer publishes; empty where it cannot be used. */
  public static Optional<VerificationKey> published(JwksSpec.Key key) {
    return read(key, new At("key", new Problems()));
  }

  /** Empty if it leaves a problem behind. */
  static Optional<VerificationKey> read(JwksSpec.Key key, At at) {
    if (key.kty() == null) {
      at.field("kty").invalid("Choose RSA, EC or OKP.");
      return Optional.empty();
    }
    return switch (key.kty()) {
      case RSA -> rsa(key, at);
      case EC -> ec(key, at);
      case OKP -> ed25519(key, at);
    };
  }

  private static Optional<VerificationKey> rsa(JwksSpec.Key key, At at) {
    var modulus = new BigInteger(1, decoded(key.n()));
    var exponent = new BigInteger(1, decoded(key.e()));
    if (modulus.bitLength() < LEAST_BITS
        || modulus.bitLength() > MOST_BITS
        || !modulus.testBit(0)) {
      at.field("n").invalid("Give the modulus of an RSA key of 2048 to 8192 bits.");
      return Optional.empty();
    }
    if (exponent.compareTo(THREE) < 0
        || exponent.bitLength() > EXPONENT_BITS
        || !exponent.testBit(0)) {
      at.field("e").invalid("Give the exponent of an RSA key, such as AQAB.");
      return Optional.empty();
    }
    if (key.alg() != null && !key.alg().name().matches("[RP]S.*")) {
      at.field("alg").invalid("Choose RS* or PS*.");
      return Optional.empty();
    }
    return Optional.of(
        new VerificationKey.Rsa(
            Optional.ofNullable(key.kid()),
            Optional.ofNullable(key.alg()).map(Enum::name),
            key.n(),
            key.e()));
  }

  private static Optional<VerificationKey> ec(JwksSpec.Key key, At at) {
    var curve = key.crv() == null ? null : CURVES.get(key.crv());
    if (curve == null) {
      at.field("crv").invalid("Choose P-256, P-384 or P-521.");
      return Optional.empty();
    }
    if (key.alg() != null && key.alg() != curve.algorithm) {
      at.field("alg").invalid("Choose %s, or leave it out.", curve.algorithm);
      return Optional.empty();
    }
    var x = decoded(key.x());
    var y = decoded(key.y());
    if (x.length != curve.bytes || y.length != curve.bytes || !isOn(curve, x, y)) {
      at.invalid("Give x and y of a point of %s, %d bytes each.", curve.name, curve.bytes);
      return Optional.empty();
    }
    return Optional.of(
        new VerificationKey.Ec(Optional.ofNullable(key.kid()), curve.name, key.x(), key.y()));
  }

  private static Optional<VerificationKey> ed25519(JwksSpec.Key key, At at) {
    if (key.crv() != JwksSpec.Curve.Ed25519 || decoded(key.x()).length != ED25519_BYTES) {
      at.invalid("Give crv Ed25519, and x of 32 bytes.");
      return Optional.empty();
    }
    if (key.alg() != null && key.alg() != JwksSpec.Algorithm.EdDSA) {
      at.field("alg").invalid("Choose EdDSA, or leave it out.");
      return Optional.empty();
    }
    return Optional.of(new VerificationKey.Ed25519(Optional.ofNullable(key.kid()), key.x()));
  }

  /** Nothing where it cannot be decoded. */
  private static byte[] decoded(String base64url) {
    try {
      var text = or(base64url, "");
      return text.contains("=") ? new byte[0] : Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException damaged) {
      return new byte[0];
    }
  }

  private static boolean isOn(Curve curve, byte[] xBytes, byte[] yBytes) {
    var equation = parameters(curve).getCurve();
    var prime = ((ECFieldFp) equation.getField()).getP();
    var x = new BigInteger(1, xBytes);
    var y = new BigInteger(1, yBytes);
    var right = x.modPow(THREE, prime).add(equation.getA().multiply(x)).add(equation.getB());
    return x.compareTo(prime) < 0
        && y.compareTo(prime) < 0
        && y.multiply(y).subtract(right).mod(prime).signum() == 0;
  }

  private static ECParameterSpec parameters(Curve curve) {
    try {
      var parameters = AlgorithmParameters.getInstance("EC");
      parameters.init(new ECGenParameterSpec(curve.javaName));
      return parameters.getParameterSpec(ECParameterSpec.class);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has " + curve.javaName, e);
    }
  }

  private KeyReader() {}
}
