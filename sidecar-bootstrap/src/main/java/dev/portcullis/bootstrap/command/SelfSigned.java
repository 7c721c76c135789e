package dev.portcullis.bootstrap.command;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A throw-away key with a certificate that it signs itself, both in PEM. The JDK has no interface
 * to make one, and a library for it would weigh more than this program.
 */
record SelfSigned(String key, String certificate) {

  private static final byte[] ECDSA_WITH_SHA256 = Der.sequence(hex("06082a8648ce3d040302"));
  private static final byte[] COMMON_NAME = hex("0603550403");
  private static final int VERSION_3 = 2;

  static SelfSigned generate() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      var pair = generator.generateKeyPair();
      return new SelfSigned(
          pem("PRIVATE KEY", pair.getPrivate().getEncoded()), pem("CERTIFICATE", signed(pair)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has P-256 and SHA-256", e);
    }
  }

  private static byte[] signed(KeyPair pair) throws GeneralSecurityException {
    var body = body(pair.getPublic().getEncoded());
    var signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(pair.getPrivate());
    signature.update(body);
    return Der.sequence(body, ECDSA_WITH_SHA256, Der.bits(signature.sign()));
  }

  private static byte[] body(byte[] publicKey) {
    var name = Der.sequence(Der.set(Der.sequence(COMMON_NAME, Der.utf8("portcullis-canary"))));
    var validity = Der.sequence(Der.time("20000101000000Z"), Der.time("99991231235959Z"));
    return Der.sequence(
        Der.explicit0(Der.integer(VERSION_3)),
        Der.integer(1),
        ECDSA_WITH_SHA256,
        name,
        validity,
        name,
        publicKey);
  }

  private static String pem(String label, byte[] der) {
    var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----\n";
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }
}
