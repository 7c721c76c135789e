package dev.portcullis.api.v1alpha1;

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
public final class ApiBackendPolicy
    extends CustomResource<ApiBackendPolicySpec, ApiBackendPolicyStatus> implements Namespaced {

  private static final long serialVersionUID = 1L;
}
