package dev.portcullis.operator.resolve;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.operator.intent.BackendKey;
import dev.portcullis.operator.intent.Caller;
import dev.portcullis.operator.intent.SpiffeId;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A backend that another policy calls.
 *
 * @param serviceAccounts of its pods that can be called at this moment
 */
public record Neighbour(ApiBackendPolicy policy, Set<String> serviceAccounts) {

  public Neighbour {
    serviceAccounts = Set.copyOf(serviceAccounts);
  }

  /** The policies that a policy calls, whether or not there are such ones. */
  public static List<BackendKey> calledBy(ApiBackendPolicy policy) {
    return policy.getSpec() == null
        ? List.of()
        : CallReader.calledBy(policy.getSpec(), policy.getMetadata().getNamespace());
  }

  /**
   * Whether a namespace may learn where the backend's pods are: it is the backend's own, or the
   * backend's policy knows one of its identities as a caller.
   */
  public boolean isKnownTo(String namespace, String trustDomain) {
    return namespace.equals(policy.getMetadata().getNamespace())
        || callers(trustDomain).stream()
            .flatMap(caller -> caller.identities().stream())
            .anyMatch(identity -> identity.namespace().filter(namespace::equals).isPresent());
  }

  /** Its pods' identities, sorted. */
  List<SpiffeId> identities(String trustDomain) {
    var namespace = policy.getMetadata().getNamespace();
    return serviceAccounts.stream()
        .map(account -> SpiffeId.ofServiceAccount(trustDomain, namespace, account))
        .sorted()
        .toList();
  }

  /** What is wrong with them is told in that policy's own status. */
  private List<Caller> callers(String trustDomain) {
    var elsewhere = new At("spec.callers", new Problems());
    return policy.getSpec() == null
        ? List.of()
        : new CallerReader(
                policy.getMetadata().getNamespace(), trustDomain, new TrustReader(Map.of()))
            .read(policy.getSpec().callers(), elsewhere);
  }
}
