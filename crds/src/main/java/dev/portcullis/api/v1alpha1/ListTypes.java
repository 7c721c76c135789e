package dev.portcullis.api.v1alpha1;

import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;

/**
 * Says how lists merge and what is unique in them, which the generator has no annotation for.
 *
 * <p>Input: {@code callers=name methods} makes {@code callers} a map by {@code name}, and {@code
 * methods} a set. Used when the CRD is made, never at run time.
 */
public final class ListTypes implements SchemaCustomizer.Customizer {

  @Override
  public JSONSchemaProps apply(
      JSONSchemaProps schema, String input, KubernetesSerialization serialization) {
    for (var entry : input.split(" ")) {
      var parts = entry.split("=");
      var list = schema.getProperties().get(parts[0]);
      if (parts.length > 1) {
        list.setXKubernetesListType("map");
        list.setXKubernetesListMapKeys(List.of(parts[1]));
      } else {
        list.setXKubernetesListType("set");
      }
    }
    return schema;
  }
}
