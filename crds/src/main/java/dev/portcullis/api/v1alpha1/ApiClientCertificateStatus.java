package dev.portcullis.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;

/**
 * What the Secret holds; written by the operator alone. Without a usable certificate in the Secret
 * all that speaks of one is null.
 *
 * @param observedGeneration the generation that this status speaks of
 * @param conditions one per type
 * @param notBefore RFC 3339, as all times
 * @param serialNumber hexadecimal
 * @param fingerprint SHA-256 over the certificate, hexadecimal
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@SchemaCustomizer(value = ListTypes.class, input = "conditions=type")
public record ApiClientCertificateStatus(
    @JsonPropertyDescription("The generation of the object that this status speaks of.")
        Long observedGeneration,
    @JsonPropertyDescription(
            "Ready: the Secret holds a valid certificate of the service account and its key."
                + " UpToDate: nothing that is due is held back; if it is False, the message says"
                + " what is due and why it waits.")
        List<Condition> conditions,
    @JsonPropertyDescription("The identity that the certificate is to carry.") String spiffeId,
    @JsonPropertyDescription("From when the certificate is valid.") String notBefore,
    @JsonPropertyDescription("Until when the certificate is valid.") String notAfter,
    @JsonPropertyDescription("When the certificate is renewed.") String renewalTime,
    @JsonPropertyDescription("Serial number of the certificate, hexadecimal.") String serialNumber,
    @JsonPropertyDescription("SHA-256 fingerprint of the certificate, hexadecimal.")
        String fingerprint) {

  public ApiClientCertificateStatus {
    conditions = Absent.toEmpty(conditions);
  }
}
