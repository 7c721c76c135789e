package dev.portcullis.operator.xds;

import dev.portcullis.operator.envoy.EnvoyResources;
import java.util.concurrent.CompletableFuture;

/**
 * A configuration that wants into the store.
 *
 * @param contents what the store would hold
 * @param canariesLost how many canaries went away while they had it
 * @param silences how many checks of it ended without an answer
 * @param outcome completed once
 */
record Candidate(
    GroupKey group,
    EnvoyResources resources,
    ResourceSet contents,
    int canariesLost,
    int silences,
    CompletableFuture<PublishOutcome> outcome) {

  static Candidate of(GroupKey group, EnvoyResources resources) {
    var delivered =
        switch (group.keys()) {
          case KUBELET -> resources;
          case STREAM -> StreamedForm.of(resources);
        };
    return new Candidate(
        group, resources, ResourceSet.of(delivered), 0, 0, new CompletableFuture<>());
  }

  Candidate afterLoss() {
    return new Candidate(group, resources, contents, canariesLost + 1, silences, outcome);
  }

  Candidate afterSilence() {
    return new Candidate(group, resources, contents, canariesLost, silences + 1, outcome);
  }

  String version() {
    return resources.version();
  }
}
