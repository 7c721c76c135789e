package dev.portcullis.api.v1alpha1;

/**
 * What in {@link TlsSpec} contradicts itself, or is something that the proxy would take without a
 * word and not do.
 */
final class TlsRules {

  private static final String NO_SUITES =
      "!has(self.cipherSuites) || size(self.cipherSuites) == 0 || ";
  private static final String NO_CURVES = "!has(self.curves) || size(self.curves) == 0 || ";

  /** The schema's default of {@code tls} is checked before its fields have theirs. */
  private static final String NOT_FIPS = "!has(self.profile) || self.profile != 'FIPS140' || ";

  static final String SUITES_NEED_1_2 = NO_SUITES + "self.minVersion == '1.2'";
  static final String SUITES_NEED_1_2_TEXT =
      "Remove cipherSuites or set minVersion to \"1.2\": TLS 1.3 leaves no such choice.";

  static final String RSA_SUITES =
      NO_SUITES
          + "!self.keyType.startsWith('RSA') ||"
          + " self.cipherSuites.all(s, s.startsWith('TLS_ECDHE_RSA_'))";
  static final String RSA_SUITES_TEXT =
      "Name only suites TLS_ECDHE_RSA_*, or another keyType: an RSA key cannot serve the others.";
  static final String ECDSA_SUITES =
      NO_SUITES
          + "self.keyType.startsWith('RSA') ||"
          + " self.cipherSuites.all(s, s.startsWith('TLS_ECDHE_ECDSA_'))";
  static final String ECDSA_SUITES_TEXT =
      "Name only suites TLS_ECDHE_ECDSA_*, or keyType RSA3072 or RSA4096: the others need an RSA"
          + " key.";

  static final String CLASSICAL_CURVE = NO_CURVES + "self.curves.exists(c, c != 'X25519MLKEM768')";
  static final String CLASSICAL_CURVE_TEXT =
      "Add X25519, P-256 or P-384: the operator, which measures the listener, and TLS 1.2 know no"
          + " X25519MLKEM768.";

  static final String FIPS_VERSION = NOT_FIPS + "self.minVersion == '1.2'";
  static final String FIPS_VERSION_TEXT =
      "Set minVersion to \"1.2\": with profile FIPS140 the proxy always serves TLS 1.2 beside 1.3.";

  static final String FIPS_SUITES = NO_SUITES + "self.profile != 'FIPS140'";
  static final String FIPS_SUITES_TEXT =
      "Remove cipherSuites: profile FIPS140 sets them to the ECDHE suites with AES-GCM, and the"
          + " proxy leaves no choice among them.";
  static final String FIPS_CURVES = NO_CURVES + "self.profile != 'FIPS140'";
  static final String FIPS_CURVES_TEXT =
      "Remove curves: profile FIPS140 sets them to P-256 and P-384, and the proxy leaves no choice"
          + " among them.";
  static final String FIPS_KEY = NOT_FIPS + "self.keyType != 'ED25519'";
  static final String FIPS_KEY_TEXT =
      "Choose ECDSAP256, ECDSAP384, RSA3072 or RSA4096: with profile FIPS140 the proxy signs with no"
          + " Ed25519 key.";
  static final String FIPS_LATER =
      NOT_FIPS + "!has(oldSelf.keyType) || oldSelf.keyType != 'ED25519'";
  static final String FIPS_LATER_TEXT =
      "Change keyType first, replace the pods, then set FIPS140: pods that run keep their Ed25519"
          + " key, and with it would serve nobody.";

  private TlsRules() {}
}
