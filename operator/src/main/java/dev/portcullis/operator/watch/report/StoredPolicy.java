package dev.portcullis.operator.watch.report;

import dev.portcullis.api.v1alpha1.ApiBackendPolicyStatus;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.Map;
import java.util.Optional;

/**
 * An ApiBackendPolicy as it is stored, whatever schema it was stored by. Reading its fields can
 * fail, reading the object cannot: an informer of these is not stopped by one policy.
 */
@Group("portcullis.dev")
@Version("v1alpha1")
@Kind("ApiBackendPolicy")
@Plural("apibackendpolicies")
@Singular("apibackendpolicy")
public final class StoredPolicy extends GenericKubernetesResource implements Namespaced {

  private static final String STATUS = "status";

  /** Empty when there is none, or none that can be read: it is then written anew. */
  Optional<ApiBackendPolicyStatus> status(KubernetesSerialization serialization) {
    try {
      return Optional.ofNullable(getAdditionalProperties().get(STATUS))
          .map(status -> serialization.convertValue(status, ApiBackendPolicyStatus.class));
    } catch (IllegalArgumentException unreadable) {
      return Optional.empty();
    }
  }

  /** The same with another status. */
  StoredPolicy with(ApiBackendPolicyStatus status, KubernetesSerialization serialization) {
    var updated = serialization.clone(this);
    updated.setAdditionalProperty(STATUS, serialization.convertValue(status, Map.class));
    return updated;
  }
}
