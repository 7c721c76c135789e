package dev.portcullis.operator.resolve;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.operator.intent.ApiKeys;
import dev.portcullis.operator.intent.BackendKey;
import dev.portcullis.operator.intent.KeySource;
import dev.portcullis.operator.intent.Mesh;
import dev.portcullis.operator.intent.Trust;
import dev.portcullis.operator.intent.VerificationKey;
import dev.portcullis.operator.resolve.descriptors.DescriptorReading;
import dev.portcullis.operator.resolve.openapi.OpenApiReading;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that decides what becomes of one policy.
 *
 * @param rivals the other policies of its namespace; the policy itself may be among them
 * @param pods labels of the namespace's pods by pod name; those that no selector matches do no harm
 * @param neighbours the backends that the policy calls, as far as there are such policies
 * @param trusts what was found where the policy's callers from outside refer to; what is not here
 *     was not looked for, and lets nobody in
 * @param keys what the Secrets of its API keys say, by their names; what is not here was not looked
 *     for, and lets nobody in
 * @param keySets what the issuers of its tokens publish; of what is not here no token counts
 * @param document what became of the OpenAPI document that the policy refers to; empty where it
 *     refers to none
 * @param descriptors what became of the descriptor set that the policy refers to; empty where it
 *     refers to none
 * @param servingPods how many pods take the policy's requests now
 */
public record BackendView(
    ApiBackendPolicy policy,
    List<ApiBackendPolicy> rivals,
    Map<String, Map<String, String>> pods,
    Mesh mesh,
    Map<BackendKey, Neighbour> neighbours,
    Map<Trust.Source, Trust.Material> trusts,
    Map<String, ApiKeys.Found> keys,
    Map<KeySource, List<VerificationKey>> keySets,
    Optional<OpenApiReading> document,
    Optional<DescriptorReading> descriptors,
    int servingPods) {

  public BackendView {
    rivals = List.copyOf(rivals);
    pods = Map.copyOf(pods);
    neighbours = Map.copyOf(neighbours);
    trusts = Map.copyOf(trusts);
    keys = Map.copyOf(keys);
    keySets = Map.copyOf(keySets);
  }

  /** Of a policy that refers to nothing else. */
  public BackendView(
      ApiBackendPolicy policy,
      List<ApiBackendPolicy> rivals,
      Map<String, Map<String, String>> pods,
      Mesh mesh) {
    this(
        policy,
        rivals,
        pods,
        mesh,
        Map.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        1);
  }
}
