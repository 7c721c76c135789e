package dev.portcullis.operator.resolve;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.operator.intent.Trust;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which files of which Secrets a policy refers to, whether it can be resolved or not. */
public final class TrustReferences {

  public static Set<Trust.Source> of(ApiBackendPolicy policy) {
    return policy.getSpec() == null
        ? Set.of()
        : policy.getSpec().callers().stream()
            .filter(caller -> caller.trust() != null)
            .map(caller -> TrustReader.sourceOf(caller.trust()))
            .collect(Collectors.toUnmodifiableSet());
  }

  /** Names of the Secrets that these are in. */
  public static Set<String> secretsOf(Set<Trust.Source> sources) {
    return sources.stream()
        .flatMap(
            source -> Stream.concat(Stream.of(source.authorities()), source.revocations().stream()))
        .map(Trust.File::secret)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private TrustReferences() {}
}
