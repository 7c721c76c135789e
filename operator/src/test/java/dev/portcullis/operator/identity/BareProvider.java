package dev.portcullis.operator.identity;

import java.security.GeneralSecurityException;
import java.security.KeyPair;

/** What a crypto provider alone does for a certificate: one verification and one signature. */
public final class BareProvider {
  private final CryptoProvider crypto;
  private final KeyPair leaf;
  private final KeyPair issuer;
  private final byte[] message = new byte[400];
  private final byte[] proof;

  public BareProvider(CryptoProvider crypto) {
    this.crypto = crypto;
    this.leaf = crypto.newKey(CryptoProvider.Curve.P256);
    this.issuer = crypto.newKey(CryptoProvider.Curve.P384);
    this.proof = sign(SignatureScheme.ECDSA_SHA256, leaf);
  }

  /** The request's P-256 proof, and the P-384 signature of the issuing CA. */
  public byte[] verifyAndSign() {
    try {
      var verifier = crypto.signature(SignatureScheme.ECDSA_SHA256);
      verifier.initVerify(leaf.getPublic());
      verifier.update(message);
      return verifier.verify(proof) ? sign(SignatureScheme.ECDSA_SHA384, issuer) : null;
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private byte[] sign(SignatureScheme scheme, KeyPair keys) {
    try {
      var signer = crypto.signature(scheme);
      signer.initSign(keys.getPrivate());
      signer.update(message);
      return signer.sign();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
