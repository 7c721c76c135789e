package dev.portcullis.operator.watch.cluster;

import com.fasterxml.jackson.databind.JsonMappingException;
import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.api.v1alpha1.ApiBackendPolicyStatus;
import dev.portcullis.operator.intent.BackendKey;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Optional;

/**
 * GenericKubernetesResource -> ObservedPolicy, one by one: in a typed list a single object that
 * cannot be read would hide all the others.
 */
record PolicyReader(KubernetesSerialization serialization) {

  ObservedPolicy read(GenericKubernetesResource object) {
    var meta = object.getMetadata();
    try {
      var policy = serialization.convertValue(object, ApiBackendPolicy.class);
      policy.setMetadata(whatCounts(meta));
      var inForce = Optional.ofNullable(policy.getStatus()).map(ApiBackendPolicyStatus::version);
      policy.setStatus(null);
      return new ObservedPolicy.Readable(policy, inForce);
    } catch (IllegalArgumentException unreadable) {
      return new ObservedPolicy.Unreadable(
          new BackendKey(meta.getNamespace(), meta.getName()),
          meta.getUid(),
          meta.getGeneration(),
          why(unreadable));
    }
  }

  private static ObjectMeta whatCounts(ObjectMeta meta) {
    return new ObjectMetaBuilder()
        .withNamespace(meta.getNamespace())
        .withName(meta.getName())
        .withUid(meta.getUid())
        .withGeneration(meta.getGeneration())
        .withCreationTimestamp(meta.getCreationTimestamp())
        .withAnnotations(meta.getAnnotations())
        .build();
  }

  private static String why(IllegalArgumentException unreadable) {
    return unreadable.getCause() instanceof JsonMappingException mapping
        ? mapping.getPathReference() + ": " + mapping.getOriginalMessage()
        : unreadable.getMessage();
  }
}
