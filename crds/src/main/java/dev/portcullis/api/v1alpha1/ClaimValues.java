package dev.portcullis.api.v1alpha1;

import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/**
 * Bounds the values of {@code claims}, lists within a map, which the generator has no annotation
 * for; the input is that of {@link ListTypes}. Used when the CRD is made, never at run time.
 */
public final class ClaimValues implements SchemaCustomizer.Customizer {

  private static final long MOST = 16;
  private static final long LENGTH = 256;

  @Override
  public JSONSchemaProps apply(
      JSONSchemaProps schema, String input, KubernetesSerialization serialization) {
    var values = schema.getProperties().get("claims").getAdditionalProperties().getSchema();
    values.setMinItems(1L);
    values.setMaxItems(MOST);
    var value = values.getItems().getSchema();
    value.setMaxLength(LENGTH);
    value.setPattern("^[ -~]+$");
    return new ListTypes().apply(schema, input, serialization);
  }
}
