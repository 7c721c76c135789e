package dev.portcullis.operator.watch.cluster;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.operator.intent.BackendKey;
import dev.portcullis.operator.watch.cluster.ObservedPolicy.Readable;
import dev.portcullis.operator.watch.cluster.ObservedPolicy.Unreadable;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Optional;

/**
 * GenericKubernetesResource -> ObservedPolicy, one by one: in a typed list or watch a single object
 * that cannot be read would hide all the others.
 */
public record PolicyReader(KubernetesSerialization serialization) {

  /** Far more unreadable fields than a policy of another version has. */
  private static final int MOST = 64;

  /** Never fails: what cannot be read is told so. */
  public ObservedPolicy read(GenericKubernetesResource object) {
    try {
      return new Readable(convert(object), inForce(object), ToldRevocation.in(object));
    } catch (IllegalArgumentException unreadable) {
      var meta = object.getMetadata();
      return new Unreadable(
          new BackendKey(meta.getNamespace(), meta.getName()),
          meta.getUid(),
          meta.getGeneration(),
          why(unreadable),
          inForce(object),
          legible(object));
    }
  }

  private ApiBackendPolicy convert(GenericKubernetesResource object) {
    var bare = new GenericKubernetesResource();
    bare.setApiVersion(object.getApiVersion());
    bare.setKind(object.getKind());
    bare.setAdditionalProperty("spec", object.getAdditionalProperties().get("spec"));
    var policy = serialization.convertValue(bare, ApiBackendPolicy.class);
    policy.setMetadata(whatCounts(object.getMetadata()));
    return policy;
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

  private static Optional<String> inForce(GenericKubernetesResource object) {
    return object.get("status", "version") instanceof String version
        ? Optional.of(version)
        : Optional.empty();
  }

  /** Half a selector could select more than the whole. */
  private Optional<ApiBackendPolicy> legible(GenericKubernetesResource object) {
    var rest = serialization.clone(object);
    for (var left = 0; left < MOST; left++) {
      try {
        return Optional.of(convert(rest)).filter(PolicyReader::hasSelector);
      } catch (IllegalArgumentException unreadable) {
        var field =
            UnreadableField.of(unreadable).filter(each -> !each.isWithin("spec", "selector"));
        if (field.isEmpty() || !field.get().leaveOutOf(rest.getAdditionalProperties())) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  private static boolean hasSelector(ApiBackendPolicy policy) {
    return policy.getSpec() != null && policy.getSpec().selector() != null;
  }

  private static String why(IllegalArgumentException unreadable) {
    return "This version of the operator cannot read the policy; what was in force stays. "
        + UnreadableField.of(unreadable)
            .map(UnreadableField::toString)
            .orElseGet(unreadable::getMessage);
  }
}
