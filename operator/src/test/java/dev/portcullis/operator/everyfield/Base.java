package dev.portcullis.operator.everyfield;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.operator.PolicyMeaning;
import dev.portcullis.operator.PolicyMeaning.Enforced;
import dev.portcullis.operator.golden.BackendViews;
import dev.portcullis.operator.golden.GoldenFolder;
import java.util.Optional;
import java.util.stream.Stream;

/** A policy that is enforced as it is, to be changed in one field at a time. */
record Base(GoldenFolder folder, ObjectNode document, ApiBackendPolicy policy, Enforced meaning) {

  /** What became of a change that the server's defaults do not undo. */
  sealed interface Attempt {

    /** The server or the resolver said no. */
    record Refused() implements Attempt {}

    /** Something else is enforced now. */
    record Heard() implements Attempt {}

    /** It was taken, and all is as before. */
    record Silent(GoldenFolder in, Place place, String value) implements Attempt {}
  }

  /** The policy of a folder; none when it is not enforced. */
  static Stream<Base> of(GoldenFolder folder, PolicyServer server) {
    var document = Samples.policy(folder);
    return server.defaulted(document).stream()
        .flatMap(
            policy ->
                enforced(folder, policy).stream()
                    .map(meaning -> new Base(folder, document, policy, meaning)));
  }

  JsonNode spec() {
    return document.get("spec");
  }

  /** Tries every variation of a field. */
  Stream<Attempt> attempts(SchemaLeaf leaf, Place place, PolicyServer server) {
    return Variations.of(leaf, place, spec()).stream()
        .flatMap(spec -> attempt(place, spec, server).stream());
  }

  private Optional<Attempt> attempt(Place place, JsonNode spec, PolicyServer server) {
    var changed = document.deepCopy();
    changed.set("spec", spec);
    var taken = server.defaulted(changed);
    if (taken.filter(after -> after.getSpec().equals(policy.getSpec())).isPresent()) {
      return Optional.empty();
    }
    var after = taken.flatMap(each -> enforced(folder, each));
    if (after.filter(meaning::equals).isPresent()) {
      var value = place.find(spec).map(JsonNode::toString).orElse("nothing");
      return Optional.of(new Attempt.Silent(folder, place, value));
    }
    return Optional.of(after.isPresent() ? new Attempt.Heard() : new Attempt.Refused());
  }

  private static Optional<Enforced> enforced(GoldenFolder folder, ApiBackendPolicy policy) {
    return switch (PolicyMeaning.of(BackendViews.of(folder, policy))) {
      case Enforced meaning -> Optional.of(meaning);
      case PolicyMeaning.Refused _ -> Optional.empty();
    };
  }
}
