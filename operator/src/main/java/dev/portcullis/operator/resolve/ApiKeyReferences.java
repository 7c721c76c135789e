package dev.portcullis.operator.resolve;

import static dev.portcullis.operator.resolve.Given.in;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.api.v1alpha1.ApiBackendPolicySpec;
import dev.portcullis.api.v1alpha1.ApiKeysSpec;
import dev.portcullis.api.v1alpha1.AuthenticationSpec;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Names of the Secrets that a policy's API keys are in, whether it can be resolved or not. */
public final class ApiKeyReferences {

  public static Set<String> of(ApiBackendPolicy policy) {
    var keys =
        in(in(policy.getSpec(), ApiBackendPolicySpec::authentication), AuthenticationSpec::apiKeys);
    return keys == null
        ? Set.of()
        : keys.secretRefs().stream()
            .map(ApiKeysSpec.SecretRef::name)
            .filter(Objects::nonNull)
            .collect(Collectors.toUnmodifiableSet());
  }

  private ApiKeyReferences() {}
}
