package dev.portcullis.operator.resolve;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.api.v1alpha1.ApiBackendPolicySpec;
import dev.portcullis.api.v1alpha1.Defaults;
import dev.portcullis.api.v1alpha1.OpenApiSpec;
import java.util.Optional;

/** Which ConfigMap a policy refers to, whether it can be resolved or not. */
public final class OpenApiReferences {

  /** One key of a ConfigMap. */
  public record File(String namespace, String configMap, String key) {
    @Override
    public String toString() {
      return namespace + "/" + configMap;
    }
  }

  /** Empty where it refers to none. */
  public static Optional<File> of(ApiBackendPolicy policy) {
    return Optional.ofNullable(policy.getSpec())
        .map(ApiBackendPolicySpec::openApi)
        .map(OpenApiSpec::configMapRef)
        .filter(reference -> reference.name() != null)
        .map(
            reference ->
                new File(policy.getMetadata().getNamespace(), reference.name(), keyOf(reference)));
  }

  static String keyOf(OpenApiSpec.ConfigMapRef reference) {
    return Given.or(reference.key(), Defaults.OPENAPI_KEY);
  }

  private OpenApiReferences() {}
}
