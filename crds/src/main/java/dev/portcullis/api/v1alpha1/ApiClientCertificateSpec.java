package dev.portcullis.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * Whose certificate, and where it is put.
 *
 * @param lifetime null for what the installation gives pods
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ApiClientCertificateSpec(
    @Required
        @Size(min = 1, max = Rules.DNS_LENGTH)
        @ValidationRule(value = Rules.SUBDOMAIN, message = Rules.SUBDOMAIN_TEXT)
        @JsonPropertyDescription(
            "The service account that the certificate names, of the object's own namespace. It must"
                + " exist. The certificate carries spiffe://<trust domain>/ns/<namespace>/sa/<name>"
                + " and no other name.")
        String serviceAccountName,
    @Required
        @Size(min = 1, max = Rules.DNS_LENGTH)
        @ValidationRule(value = Rules.SUBDOMAIN, message = Rules.SECRET_TEXT)
        @ValidationRule(value = Rules.UNCHANGED, message = Rules.SECRET_UNCHANGED_TEXT)
        @JsonPropertyDescription(
            "The Secret that is made and kept, of the object's own namespace. A Secret of this name"
                + " that was there before is left alone, and the status says so. It cannot be"
                + " changed later.")
        String secretName,
    @Default(Defaults.KEY_TYPE)
        @JsonPropertyDescription(
            "Type of the private key: ECDSAP256, ECDSAP384, RSA3072, RSA4096 or ED25519. A new key is"
                + " made with every certificate. Backends with listener.tls.profile FIPS140 refuse"
                + " callers with an ED25519 key. Default: ECDSAP256.")
        KeyType keyType,
    @Size(max = Rules.DURATION_LENGTH)
        @ValidationRule(value = Rules.FROM_1H_TO_168H, message = Rules.FROM_1H_TO_168H_TEXT)
        @JsonPropertyDescription(
            "Lifetime of the certificate, from 1h to 168h; never longer than what the installation"
                + " gives pods. It is renewed at half of it. Default: what the installation gives"
                + " pods, which is 24h unless set otherwise.")
        String lifetime) {}
