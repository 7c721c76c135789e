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

/** What the gate in front of one API backend shall let through, and what it is measured to do. */
@Group("portcullis.dev")
@Version("v1alpha1")
@Plural("apibackendpolicies")
@Singular("apibackendpolicy")
@ShortNames("abp")
@Categories({"all-policies", "portcullis"})
@JsonClassDescription(
    "An ApiBackendPolicy puts a gate in front of the pods of one API backend: a sidecar that admits"
        + " only the callers and the endpoints named here, over mutual TLS, within the limits named"
        + " here. What is not named is refused. The status tells what is measured to be in force,"
        + " pod by pod. If two policies select one pod, the older one wins and the other says"
        + " Accepted=False with reason Conflicted.")
@AdditionalPrinterColumn(name = "BACKEND", jsonPath = ".status.selector")
@AdditionalPrinterColumn(name = "PODS", jsonPath = ".status.pods.summary")
@AdditionalPrinterColumn(
    name = "ENFORCED",
    jsonPath = ".status.conditions[?(@.type==\"Enforced\")].status")
@AdditionalPrinterColumn(
    name = "PROGRAMMED",
    jsonPath = ".status.conditions[?(@.type==\"Programmed\")].status",
    priority = 1)
@AdditionalPrinterColumn(
    name = "OUTDATED",
    jsonPath = ".status.pods.outdated",
    type = AdditionalPrinterColumn.Type.INTEGER,
    priority = 1)
@AdditionalPrinterColumn(
    name = "SHADOW",
    jsonPath = ".status.shadow.requests",
    type = AdditionalPrinterColumn.Type.INTEGER,
    priority = 1)
@AdditionalPrinterColumn(
    name = "CERTIFICATES UNTIL",
    jsonPath = ".status.certificates.soonestExpiry",
    priority = 1)
@AdditionalPrinterColumn(
    name = "AGE",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
public final class ApiBackendPolicy
    extends CustomResource<ApiBackendPolicySpec, ApiBackendPolicyStatus> implements Namespaced {

  private static final long serialVersionUID = 1L;
}
