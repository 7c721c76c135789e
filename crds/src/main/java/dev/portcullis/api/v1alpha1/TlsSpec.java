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
    value = "!has(self.cipherSuites) || size(self.cipherSuites) == 0 || self.minVersion == '1.2'",
    fieldPath = ".cipherSuites",
    message = "Remove cipherSuites or set minVersion to \"1.2\": TLS 1.3 leaves no such choice.")
public record TlsSpec(
    @Default("\"" + Defaults.TLS_MIN_VERSION + "\"")
        @JsonPropertyDescription(
            "The oldest version of TLS that callers may use, as a string: \"1.3\" or \"1.2\"."
                + " Default: \"1.3\".")
        Version minVersion,
    @Size(max = 6)
        @JsonPropertyDescription(
            "Cipher suites for TLS 1.2, the preferred one first. Only with minVersion \"1.2\"; TLS"
                + " 1.3 has its own fixed ones. Default: the ECDHE suites with AES-GCM.")
        List<CipherSuite> cipherSuites,
    @Size(max = 3)
        @JsonPropertyDescription(
            "Groups for the key exchange, the preferred one first. Default:"
                + " X25519MLKEM768, X25519, P-256, P-384.")
        List<Curve> curves) {

  /** Supported protocol versions. */
  public enum Version {
    @JsonProperty("1.2")
    TLS_1_2,
    @JsonProperty("1.3")
    TLS_1_3
  }

  /** Cipher suites of TLS 1.2, in BoringSSL's names: ephemeral key exchange and AEAD only. */
  public enum CipherSuite {
    @JsonProperty("ECDHE-ECDSA-AES128-GCM-SHA256")
    ECDHE_ECDSA_AES128_GCM_SHA256("ECDHE-ECDSA-AES128-GCM-SHA256"),
    @JsonProperty("ECDHE-ECDSA-AES256-GCM-SHA384")
    ECDHE_ECDSA_AES256_GCM_SHA384("ECDHE-ECDSA-AES256-GCM-SHA384"),
    @JsonProperty("ECDHE-ECDSA-CHACHA20-POLY1305")
    ECDHE_ECDSA_CHACHA20_POLY1305("ECDHE-ECDSA-CHACHA20-POLY1305"),
    @JsonProperty("ECDHE-RSA-AES128-GCM-SHA256")
    ECDHE_RSA_AES128_GCM_SHA256("ECDHE-RSA-AES128-GCM-SHA256"),
    @JsonProperty("ECDHE-RSA-AES256-GCM-SHA384")
    ECDHE_RSA_AES256_GCM_SHA384("ECDHE-RSA-AES256-GCM-SHA384"),
    @JsonProperty("ECDHE-RSA-CHACHA20-POLY1305")
    ECDHE_RSA_CHACHA20_POLY1305("ECDHE-RSA-CHACHA20-POLY1305");

    private final String text;

    CipherSuite(String text) {
      this.text = text;
    }

    /** BoringSSL's name. */
    public String text() {
      return text;
    }
  }

  /** Key exchange groups. */
  public enum Curve {
    @JsonProperty("P-256")
    P_256("P-256"),
    @JsonProperty("P-384")
    P_384("P-384"),
    X25519("X25519");

    private final String text;

    Curve(String text) {
      this.text = text;
    }

    /** BoringSSL's name. */
    public String text() {
      return text;
    }
  }

  public TlsSpec {
    cipherSuites = Absent.toEmpty(cipherSuites);
    curves = Absent.toEmpty(curves);
  }
}
