package dev.portcullis.operator.intent;

import java.util.List;

/**
 * TLS parameters of the inbound listener, free of contradictions. Empty lists mean the project's
 * own choice, not Envoy's.
 *
 * @param cipherSuites of TLS 1.2, by their IANA names
 * @param curves as Envoy (BoringSSL) names them
 * @param keyType of pods from now on; those that run may hold a key of another type
 */
public record Tls(
    Version minVersion,
    Profile profile,
    List<String> cipherSuites,
    List<String> curves,
    KeyType keyType) {

  /** What a policy gets that says nothing of TLS. */
  public static final Tls DEFAULT =
      new Tls(Version.TLS_1_3, Profile.STANDARD, List.of(), List.of(), KeyType.ECDSAP256);

  /** Supported protocol versions. */
  public enum Version {
    TLS_1_2,
    TLS_1_3
  }

  /** Which algorithms there are to choose from. */
  public enum Profile {
    STANDARD,
    /** Envoy's own set, which overrules versions, suites and curves. */
    FIPS140
  }

  public Tls {
    cipherSuites = List.copyOf(cipherSuites);
    curves = List.copyOf(curves);
  }
}
