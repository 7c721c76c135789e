package dev.portcullis.operator.resolve;

import static dev.portcullis.operator.resolve.Given.or;

import dev.portcullis.api.v1alpha1.Defaults;
import dev.portcullis.api.v1alpha1.TlsSpec;
import dev.portcullis.operator.intent.KeyType;
import dev.portcullis.operator.intent.Tls;
import dev.portcullis.operator.intent.Tls.Profile;
import dev.portcullis.operator.intent.Tls.Version;
import java.util.List;

/**
 * {@code spec.listener.tls}. What is refused here Envoy would take without a word, and do something
 * else.
 */
final class TlsReader {

  private static final TlsSpec NOTHING = new TlsSpec(null, null, List.of(), List.of(), null);
  private static final String POST_QUANTUM = TlsSpec.Curve.X25519MLKEM768.text();

  static Tls read(TlsSpec spec, At at) {
    var given = or(spec, NOTHING);
    var tls =
        new Tls(
            version(given),
            profile(given),
            given.cipherSuites().stream().map(TlsSpec.CipherSuite::name).toList(),
            given.curves().stream().map(TlsSpec.Curve::text).toList(),
            keyType(given));
    checkSuites(tls, at.field("cipherSuites"));
    checkCurves(tls, at.field("curves"));
    checkProfile(tls, at);
    return tls;
  }

  private static Version version(TlsSpec spec) {
    return switch (or(spec.minVersion(), TlsSpec.Version.TLS_1_3)) {
      case TLS_1_2 -> Version.TLS_1_2;
      case TLS_1_3 -> Version.TLS_1_3;
    };
  }

  private static Profile profile(TlsSpec spec) {
    return switch (or(spec.profile(), TlsSpec.Profile.valueOf(Defaults.TLS_PROFILE))) {
      case Standard -> Profile.STANDARD;
      case FIPS140 -> Profile.FIPS140;
    };
  }

  private static KeyType keyType(TlsSpec spec) {
    return switch (spec.keyType()) {
      case ECDSAP256 -> KeyType.ECDSAP256;
      case ECDSAP384 -> KeyType.ECDSAP384;
      case RSA3072 -> KeyType.RSA3072;
      case RSA4096 -> KeyType.RSA4096;
      case ED25519 -> KeyType.ED25519;
      case null -> KeyType.valueOf(Defaults.KEY_TYPE);
    };
  }

  private static void checkSuites(Tls tls, At at) {
    if (tls.minVersion() == Version.TLS_1_3 && !tls.cipherSuites().isEmpty()) {
      at.invalid("Remove the list, or set minVersion to \"1.2\": TLS 1.3 has no such choice.");
    }
    var servable = suitesOf(tls.keyType());
    tls.cipherSuites().stream()
        .filter(suite -> !suite.startsWith(servable))
        .forEach(
            suite ->
                at.invalid(
                    "Remove %s, or choose another keyType: %s serves only %s*.",
                    suite, tls.keyType(), servable));
  }

  private static String suitesOf(KeyType keyType) {
    return switch (keyType) {
      case RSA3072, RSA4096 -> "TLS_ECDHE_RSA_";
      case ECDSAP256, ECDSAP384, ED25519 -> "TLS_ECDHE_ECDSA_";
    };
  }

  private static void checkCurves(Tls tls, At at) {
    if (tls.curves().equals(List.of(POST_QUANTUM))) {
      at.invalid(
          "Add X25519, P-256 or P-384: the operator, which measures the listener, and TLS 1.2 know"
              + " no X25519MLKEM768.");
    }
  }

  private static void checkProfile(Tls tls, At at) {
    if (tls.profile() == Profile.STANDARD) {
      return;
    }
    if (tls.minVersion() == Version.TLS_1_3) {
      at.field("minVersion")
          .invalid("Set \"1.2\": with profile FIPS140 the proxy always serves it beside 1.3.");
    }
    if (!tls.cipherSuites().isEmpty()) {
      at.field("cipherSuites").invalid("Remove the list: profile FIPS140 sets the suites.");
    }
    if (!tls.curves().isEmpty()) {
      at.field("curves").invalid("Remove the list: profile FIPS140 sets P-256 and P-384.");
    }
    if (tls.keyType() == KeyType.ED25519) {
      at.field("keyType").invalid("Choose an ECDSA or RSA key: FIPS140 signs with no Ed25519.");
    }
  }

  private TlsReader() {}
}
