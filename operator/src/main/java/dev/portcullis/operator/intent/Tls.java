package dev.portcullis.operator.intent;

import java.util.List;

/**
 * TLS parameters of the inbound listener, in Envoy's (BoringSSL's) names. Empty lists mean the
 * project's own choice, not Envoy's.
 */
public record Tls(Version minVersion, List<String> cipherSuites, List<String> curves) {

  /** Supported protocol versions. */
  public enum Version {
    TLS_1_2,
    TLS_1_3
  }

  public Tls {
    cipherSuites = List.copyOf(cipherSuites);
    curves = List.copyOf(curves);
  }
}
