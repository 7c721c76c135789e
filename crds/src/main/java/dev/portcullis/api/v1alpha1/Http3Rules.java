package dev.portcullis.api.v1alpha1;

/** What the proxy would not do over QUIC: it refuses the listener, or takes the field in vain. */
final class Http3Rules {

  /** The schema's defaults are checked before their fields have theirs. */
  private static final String NONE = "!has(self.http3) || ";

  static final String PORT = NONE + "self.port >= 1024";
  static final String PORT_TEXT =
      "Choose a port of 1024 or above, or remove http3: the sidecar binds the UDP port without"
          + " privileges.";

  static final String PROFILE = NONE + "self.tls.profile != 'FIPS140'";
  static final String PROFILE_TEXT =
      "Choose profile Standard, or remove http3: over QUIC the proxy takes other algorithms than"
          + " those of FIPS 140 too.";

  static final String CURVES = NONE + "!has(self.tls.curves) || size(self.tls.curves) == 0";
  static final String CURVES_TEXT =
      "Remove curves, or http3: over QUIC the proxy chooses the groups itself.";

  static final String KEY = NONE + "self.tls.keyType != 'ED25519'";
  static final String KEY_TEXT =
      "Choose ECDSAP256, ECDSAP384, RSA3072 or RSA4096, or remove http3: the proxy serves QUIC with"
          + " no Ed25519 key.";

  static final String LATER =
      NONE + "!has(oldSelf.tls) || !has(oldSelf.tls.keyType) || oldSelf.tls.keyType != 'ED25519'";
  static final String LATER_TEXT =
      "Change tls.keyType first, replace the pods, then set http3: pods that run keep their Ed25519"
          + " key, which serves no QUIC.";

  private Http3Rules() {}
}
