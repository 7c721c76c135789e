package dev.portcullis.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** TLS parameters of the listener. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@SchemaCustomizer(value = ListTypes.class, input = "cipherSuites curves")
@ValidationRule(
    value = TlsRules.SUITES_NEED_1_2,
    fieldPath = ".cipherSuites",
    message = TlsRules.SUITES_NEED_1_2_TEXT)
@ValidationRule(
    value = TlsRules.RSA_SUITES,
    fieldPath = ".cipherSuites",
    message = TlsRules.RSA_SUITES_TEXT)
@ValidationRule(
    value = TlsRules.ECDSA_SUITES,
    fieldPath = ".cipherSuites",
    message = TlsRules.ECDSA_SUITES_TEXT)
@ValidationRule(
    value = TlsRules.CLASSICAL_CURVE,
    fieldPath = ".curves",
    message = TlsRules.CLASSICAL_CURVE_TEXT)
@ValidationRule(
    value = TlsRules.FIPS_VERSION,
    fieldPath = ".minVersion",
    message = TlsRules.FIPS_VERSION_TEXT)
@ValidationRule(
    value = TlsRules.FIPS_SUITES,
    fieldPath = ".cipherSuites",
    message = TlsRules.FIPS_SUITES_TEXT)
@ValidationRule(
    value = TlsRules.FIPS_CURVES,
    fieldPath = ".curves",
    message = TlsRules.FIPS_CURVES_TEXT)
@ValidationRule(value = TlsRules.FIPS_KEY, fieldPath = ".keyType", message = TlsRules.FIPS_KEY_TEXT)
@ValidationRule(
    value = TlsRules.FIPS_LATER,
    fieldPath = ".profile",
    message = TlsRules.FIPS_LATER_TEXT)
public record TlsSpec(
    @Default("\"" + Defaults.TLS_MIN_VERSION + "\"")
        @JsonPropertyDescription(
            "The oldest version of TLS that callers may use, as a string: \"1.3\" or \"1.2\"."
                + " Default: \"1.3\".")
        Version minVersion,
    @Default(Defaults.TLS_PROFILE)
        @JsonPropertyDescription(
            "Standard, or FIPS140 for the algorithms of FIPS 140-3 alone: AES-GCM, P-256 and P-384,"
                + " ECDSA and RSA, in TLS 1.3 and 1.2, so minVersion must be \"1.2\". It restricts"
                + " algorithms; it does not make the sidecar's cryptographic module a validated"
                + " one. Default: Standard.")
        Profile profile,
    @Size(max = 3)
        @JsonPropertyDescription(
            "Cipher suites for TLS 1.2 by their IANA names, the preferred one first. Only with"
                + " minVersion \"1.2\", and only those that keyType can serve; TLS 1.3 has its own"
                + " fixed ones. Default: the ECDHE suites with AES-GCM.")
        List<CipherSuite> cipherSuites,
    @Size(max = 4)
        @JsonPropertyDescription(
            "Groups for the key exchange, the preferred one first: X25519MLKEM768 (post-quantum"
                + " hybrid, TLS 1.3 only), X25519, P-256 and P-384. Default: all of them in this"
                + " order.")
        List<Curve> curves,
    @Default(Defaults.KEY_TYPE)
        @JsonPropertyDescription(
            "Type of the private key of each pod: ECDSAP256, ECDSAP384, RSA3072, RSA4096 or ED25519,"
                + " the last with profile Standard only. Pods that run keep the key they have; the"
                + " status lists them until they are replaced. Default: ECDSAP256.")
        KeyType keyType) {

  /** Supported protocol versions. */
  public enum Version {
    @JsonProperty("1.2")
    TLS_1_2,
    @JsonProperty("1.3")
    TLS_1_3
  }

  /** Sets of algorithms. */
  public enum Profile {
    Standard,
    FIPS140
  }

  /** Cipher suites of TLS 1.2 with ephemeral key exchange and AEAD; the others are not offered. */
  public enum CipherSuite {
    TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
    TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
    TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
    TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
    TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256
  }

  /** Key exchange groups. */
  public enum Curve {
    @JsonProperty("P-256")
    P_256("P-256"),
    @JsonProperty("P-384")
    P_384("P-384"),
    X25519("X25519"),
    X25519MLKEM768("X25519MLKEM768");

    private final String text;

    Curve(String text) {
      this.text = text;
    }

    /** The name in the policy, which is also Envoy's. */
    public String text() {
      return text;
    }
  }

  public TlsSpec {
    cipherSuites = Absent.toEmpty(cipherSuites);
    curves = Absent.toEmpty(curves);
  }
}
