package dev.portcullis.operator.envoytest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portcullis.operator.intent.TokenIssuer;
import dev.portcullis.operator.intent.TokenIssuer.TokenFate;
import dev.portcullis.operator.intent.VerificationKey;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs tokens with a key of its own: sound ones, and whatever else it is told. */
public record TestIssuer(String name, String keyId, KeyPair keys) {

  public static final String AUDIENCE = "orders";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();
  private static final int P256_BYTES = 32;

  /** With ES256. */
  public static TestIssuer create(String name, String keyId) {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return new TestIssuer(name, keyId, generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** With RS256. */
  public static TestIssuer createRsa(String name, String keyId) {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return new TestIssuer(name, keyId, generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As a policy knows it, with these keys. */
  public TokenIssuer trusted(
      Map<String, String> forwarded, TokenFate fate, VerificationKey... keys) {
    return new TokenIssuer(
        name, issuer(), List.of(AUDIENCE), List.of(keys), Duration.ofHours(1), forwarded, fate);
  }

  public VerificationKey key() {
    return switch (keys.getPublic()) {
      case ECPublicKey ec ->
          new VerificationKey.Ec(
              Optional.of(keyId),
              "P-256",
              number(ec.getW().getAffineX(), P256_BYTES),
              number(ec.getW().getAffineY(), P256_BYTES));
      case RSAPublicKey rsa ->
          new VerificationKey.Rsa(
              Optional.of(keyId),
              Optional.empty(),
              number(rsa.getModulus(), rsa.getModulus().bitLength() / 8),
              number(rsa.getPublicExponent(), 3));
      default -> throw new IllegalStateException("no such key here");
    };
  }

  public String issuer() {
    return "https://" + name + ".example";
  }

  /** What a sound token says, valid for half an hour. */
  public Map<String, Object> claims(Map<String, Object> more) {
    var now = Instant.now().getEpochSecond();
    var claims = new TreeMap<String, Object>();
    claims.put("iss", issuer());
    claims.put("aud", AUDIENCE);
    claims.put("sub", "alice");
    claims.put("iat", now);
    claims.put("exp", now + 1800);
    claims.putAll(more);
    claims.values().removeIf(""::equals);
    return claims;
  }

  /** A sound token that says more, or something else; an empty text says nothing. */
  public String token(Map<String, Object> more) {
    return signed(header(keys.getPublic() instanceof RSAPublicKey ? "RS256" : "ES256"), more);
  }

  public Map<String, Object> header(String algorithm) {
    return Map.of("alg", algorithm, "kid", keyId, "typ", "JWT");
  }

  public String signed(Map<String, Object> header, Map<String, Object> more) {
    var text = text(header) + "." + text(claims(more));
    return text + "." + BASE64URL.encodeToString(signature(text));
  }

  /** Nobody's: its algorithm is none. */
  public String unsigned() {
    return text(header("none")) + "." + text(claims(Map.of())) + ".";
  }

  /** Signed with the public key, as if that were a secret shared with us. */
  public String signedWithPublicKey() {
    try {
      var text = text(header("HS256")) + "." + text(claims(Map.of()));
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(keys.getPublic().getEncoded(), "HmacSHA256"));
      return text
          + "."
          + BASE64URL.encodeToString(mac.doFinal(text.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] signature(String text) {
    try {
      var signature =
          Signature.getInstance(
              keys.getPublic() instanceof RSAPublicKey
                  ? "SHA256withRSA"
                  : "SHA256withECDSAinP1363Format");
      signature.initSign(keys.getPrivate());
      signature.update(text.getBytes(StandardCharsets.US_ASCII));
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String text(Map<String, Object> json) {
    try {
      return BASE64URL.encodeToString(JSON.writeValueAsBytes(json));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String number(BigInteger value, int bytes) {
    var signed = value.toByteArray();
    var exact = new byte[bytes];
    var from = Math.max(0, signed.length - bytes);
    var used = Arrays.copyOfRange(signed, from, signed.length);
    System.arraycopy(used, 0, exact, bytes - used.length, used.length);
    return BASE64URL.encodeToString(exact);
  }
}
