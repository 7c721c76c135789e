package dev.portcullis.operator.envoy;

import dev.portcullis.operator.intent.Tls;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters.CompliancePolicy;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters.TlsProtocol;
import java.util.List;
import java.util.stream.Stream;

/** Versions, suites, groups and signatures that a listener offers. */
final class TlsChoice {

  /** What is offered where the policy names none; also what a calling proxy should know. */
  static final List<String> CURVES = List.of("X25519MLKEM768", "X25519", "P-256", "P-384");

  /**
   * One for each key that Portcullis certifies, and no SHA-1. They do not depend on the policy's
   * key type: a caller's key and that of a pod which runs already may be of another.
   */
  static final List<String> SIGNATURES =
      List.of(
          "ecdsa_secp256r1_sha256",
          "ecdsa_secp384r1_sha384",
          "rsa_pss_rsae_sha256",
          "rsa_pss_rsae_sha384",
          "ed25519");

  // What RSA keys sign with in TLS 1.2 where the peer is older than PSS.
  private static final List<String> PKCS_1 = List.of("rsa_pkcs1_sha256", "rsa_pkcs1_sha384");

  // Each has forward secrecy and authenticated encryption, and is in NIST SP 800-52r2.
  private static final List<String> TLS_1_2_SUITES =
      List.of("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384");

  static TlsParameters of(Tls tls) {
    return switch (tls.profile()) {
      case STANDARD -> standard(tls);
      // Envoy applies it last: it overrules the least version and every list.
      case FIPS140 ->
          TlsParameters.newBuilder()
              .setTlsMinimumProtocolVersion(TlsProtocol.TLSv1_2)
              .setTlsMaximumProtocolVersion(TlsProtocol.TLSv1_3)
              .addCompliancePolicies(CompliancePolicy.FIPS_202205)
              .build();
    };
  }

  private static TlsParameters standard(Tls tls) {
    var parameters =
        TlsParameters.newBuilder()
            .setTlsMaximumProtocolVersion(TlsProtocol.TLSv1_3)
            .addAllEcdhCurves(tls.curves().isEmpty() ? CURVES : tls.curves())
            .addAllSignatureAlgorithms(SIGNATURES);
    return switch (tls.minVersion()) {
      case TLS_1_2 ->
          parameters
              .setTlsMinimumProtocolVersion(TlsProtocol.TLSv1_2)
              .addAllCipherSuites(suites(tls))
              .addAllSignatureAlgorithms(PKCS_1)
              .build();
      // Envoy takes a list of suites here and does nothing with it.
      case TLS_1_3 -> parameters.setTlsMinimumProtocolVersion(TlsProtocol.TLSv1_3).build();
    };
  }

  /**
   * Each in both forms. The pod's key decides which of them is used, so that pods with a key of the
   * type before can be reached too.
   */
  private static List<String> suites(Tls tls) {
    var named = tls.cipherSuites().isEmpty() ? TLS_1_2_SUITES : tls.cipherSuites();
    return named.stream()
        .flatMap(
            suite ->
                Stream.of(suite.replace("_RSA_", "_ECDSA_"), suite.replace("_ECDSA_", "_RSA_")))
        .toList();
  }

  private TlsChoice() {}
}
