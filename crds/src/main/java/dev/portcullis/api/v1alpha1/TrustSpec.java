package dev.portcullis.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** Whose certificates a caller from outside shows, and which of them are the caller's. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@SchemaCustomizer(value = ListTypes.class, input = "serverNames")
public record TrustSpec(
    @Required
        @JsonPropertyDescription(
            "The Secret with the CAs that sign the caller's certificates, in the policy's"
                + " namespace. The operator must be granted it by name. Several CAs may stand"
                + " beside each other, as while one replaces the other. While there is no valid one"
                + " the caller is refused, and the condition ResolvedRefs says why.")
        CaSecretRef caSecretRef,
    @JsonPropertyDescription(
            "The Secret with the CRLs of those CAs, one of each, in the policy's namespace."
                + " Certificates in them are refused. While one is missing, expired or not signed"
                + " by its CA, the caller is refused. Without crlSecretRef nothing is revoked"
                + " before it expires.")
        CrlSecretRef crlSecretRef,
    @Required
        @Size(min = 1, max = 32)
        @JsonPropertyDescription(
            "The names that are this caller: its certificate must carry one of them as a subject"
                + " alternative name of that type, letter by letter. Wildcards and the common name"
                + " do not count. From 1 to 32.")
        List<SubjectAltName> subjectAltNames,
    @Size(max = 8)
        @ValidationRule(
            value =
                "self.all(n, n.size() <= 253 &&"
                    + " n.matches('^([a-z0-9]([-a-z0-9]*[a-z0-9])?[.])+[a-z0-9]([-a-z0-9]*[a-z0-9])?$'))",
            message = "Write host names such as partner.example.com, in lower case.")
        @JsonPropertyDescription(
            "The host names that the caller asks for in its handshake (SNI), by which the gate"
                + " knows whose CA to ask: at most 8, compared as a whole. No other caller may have"
                + " them unless its trust is the same. Default: none; the caller's networks tell"
                + " it then, and everyone who calls from there must be of this CA.")
        List<@Size(max = Rules.DNS_LENGTH) String> serverNames) {

  /** A file of a Secret, with certificates. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record CaSecretRef(
      @Required
          @Size(min = 1, max = Rules.DNS_LENGTH)
          @ValidationRule(value = Rules.SUBDOMAIN, message = Rules.SECRET_TEXT)
          @JsonPropertyDescription("Name of the Secret.")
          String name,
      @Default(Defaults.CA_KEY)
          @Size(min = 1, max = Rules.DNS_LENGTH)
          @ValidationRule(value = Rules.FILE, message = Rules.FILE_TEXT)
          @JsonPropertyDescription(
              "Key of the Secret that holds the certificates, in PEM. Default: ca.crt.")
          String key) {}

  /** A file of a Secret, with CRLs. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record CrlSecretRef(
      @Required
          @Size(min = 1, max = Rules.DNS_LENGTH)
          @ValidationRule(value = Rules.SUBDOMAIN, message = Rules.SECRET_TEXT)
          @JsonPropertyDescription("Name of the Secret; it may be that of caSecretRef.")
          String name,
      @Default(Defaults.CRL_KEY)
          @Size(min = 1, max = Rules.DNS_LENGTH)
          @ValidationRule(value = Rules.FILE, message = Rules.FILE_TEXT)
          @JsonPropertyDescription(
              "Key of the Secret that holds the CRLs, in PEM, or one in DER. Default: ca.crl.")
          String key) {}

  /** One name, of one type. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @ValidationRule(
      value =
          "self.type != 'DNS' ||"
              + " self.value.matches('^([a-z0-9]([-a-z0-9]*[a-z0-9])?[.])*[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",
      fieldPath = ".value",
      message = "Write a host name such as client.partner.example, in lower case, no wildcard.")
  @ValidationRule(
      value = "self.type != 'URI' || self.value.matches('^[a-z][a-z0-9+.-]*:[!-~]+$')",
      fieldPath = ".value",
      message = "Write a whole URI such as spiffe://partner.example/client.")
  @ValidationRule(
      value =
          "self.type != 'Email' || self.value.matches('^[!-?A-~]+@[a-z0-9]([-.a-z0-9]*[a-z0-9])?$')",
      fieldPath = ".value",
      message = "Write a mail address such as client@partner.example, its host in lower case.")
  @ValidationRule(
      value = "self.type != 'IP' || (isIP(self.value) && ip.isCanonical(self.value))",
      fieldPath = ".value",
      message = "Write an address in its shortest form, such as 203.0.113.7 or 2001:db8::7.")
  public record SubjectAltName(
      @Required @JsonPropertyDescription("DNS, URI, Email or IP.") Type type,
      @Required
          @Size(min = 1, max = 512)
          @JsonPropertyDescription(
              "The name, as the certificate spells it; at most 512 characters.")
          String value) {}

  /** Types of subject alternative names. */
  public enum Type {
    DNS,
    URI,
    Email,
    IP
  }

  public TrustSpec {
    subjectAltNames = Absent.toEmpty(subjectAltNames);
    serverNames = Absent.toEmpty(serverNames);
  }
}
