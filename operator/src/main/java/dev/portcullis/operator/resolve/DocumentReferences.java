package dev.portcullis.operator.resolve;

import static dev.portcullis.operator.resolve.Given.in;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.api.v1alpha1.ApiBackendPolicySpec;
import dev.portcullis.api.v1alpha1.BackendSpec;
import dev.portcullis.api.v1alpha1.Defaults;
import dev.portcullis.api.v1alpha1.OpenApiSpec;
import dev.portcullis.api.v1alpha1.TranscodingSpec;
import java.util.Optional;

/**
 * Which ConfigMap a policy refers to, whether it can be resolved or not. It is one at most: OpenAPI
 * describes no gRPC.
 */
public final class DocumentReferences {

  /** What a policy takes the text or the bytes for. */
  public enum Kind {
    OPENAPI,
    DESCRIPTOR_SET
  }

  /** One key of a ConfigMap. */
  public record File(Kind kind, String namespace, String configMap, String key) {
    @Override
    public String toString() {
      return namespace + "/" + configMap;
    }
  }

  /** Empty where it refers to none. */
  public static Optional<File> of(ApiBackendPolicy policy) {
    var namespace = policy.getMetadata().getNamespace();
    var spec = policy.getSpec();
    var openApi = in(spec, ApiBackendPolicySpec::openApi);
    return openApi == null
        ? ofTranscoding(in(in(spec, ApiBackendPolicySpec::backend), BackendSpec::transcoding))
            .map(key -> new File(Kind.DESCRIPTOR_SET, namespace, key.name(), keyOf(key)))
        : Optional.ofNullable(openApi.configMapRef())
            .filter(reference -> reference.name() != null)
            .map(key -> new File(Kind.OPENAPI, namespace, key.name(), keyOf(key)));
  }

  static String keyOf(OpenApiSpec.ConfigMapRef reference) {
    return Given.or(reference.key(), Defaults.OPENAPI_KEY);
  }

  private static Optional<TranscodingSpec.ConfigMapRef> ofTranscoding(TranscodingSpec spec) {
    return Optional.ofNullable(in(spec, TranscodingSpec::configMapRef))
        .filter(reference -> reference.name() != null);
  }

  private static String keyOf(TranscodingSpec.ConfigMapRef reference) {
    return Given.or(reference.key(), Defaults.DESCRIPTORS_KEY);
  }

  private DocumentReferences() {}
}
