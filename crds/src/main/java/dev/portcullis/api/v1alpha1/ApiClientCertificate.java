package dev.portcullis.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** A Secret with a certificate, for a caller that can neither have a sidecar nor mount a volume. */
@Group("portcullis.dev")
@Version("v1alpha1")
@Plural("apiclientcertificates")
@Singular("apiclientcertificate")
@ShortNames("acc")
@Categories("portcullis")
@JsonClassDescription(
    "An ApiClientCertificate keeps a Secret of type kubernetes.io/tls filled with the certificate"
        + " of a service account of its own namespace, for callers without a sidecar such as an"
        + " ingress controller: tls.crt (the chain), tls.key and ca.crt (the roots of the"
        + " backends). The certificate is renewed at half of its life. Whoever reads the Secret can"
        + " call as that service account, so pods that can mount a podCertificate volume should do"
        + " that instead. Deleting the object deletes the Secret. The operator writes only Secrets"
        + " that it was granted in their namespace, and none that it did not make.")
@AdditionalPrinterColumn(
    name = "READY",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(
    name = "UP-TO-DATE",
    jsonPath = ".status.conditions[?(@.type==\"UpToDate\")].status")
@AdditionalPrinterColumn(name = "SECRET", jsonPath = ".spec.secretName")
@AdditionalPrinterColumn(name = "EXPIRES", jsonPath = ".status.notAfter")
@AdditionalPrinterColumn(name = "RENEWAL", jsonPath = ".status.renewalTime", priority = 1)
@AdditionalPrinterColumn(name = "IDENTITY", jsonPath = ".status.spiffeId", priority = 1)
@AdditionalPrinterColumn(
    name = "AGE",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
public final class ApiClientCertificate
    extends CustomResource<ApiClientCertificateSpec, ApiClientCertificateStatus>
    implements Namespaced {

  private static final long serialVersionUID = 1L;
}
