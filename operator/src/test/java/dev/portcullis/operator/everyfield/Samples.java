package dev.portcullis.operator.everyfield;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portcullis.operator.golden.BackendViews;
import dev.portcullis.operator.golden.GoldenFolder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Policies that other tests have written, as a mine of values. */
final class Samples {

  private static final Path VALIDATION = Path.of("../crds/src/test/resources/validation");

  private static final List<JsonNode> VALID =
      Stream.concat(
              specs("valid-").stream(),
              whole().stream().map(Samples::policy).flatMap(Samples::spec))
          .toList();

  private Samples() {}

  /** Those with all they refer to, so that they can be translated. */
  static List<GoldenFolder> whole() {
    return GoldenFolder.casesOf("translation").toList();
  }

  static ObjectNode policy(GoldenFolder folder) {
    return document(folder.read(BackendViews.POLICY));
  }

  /** The specs of all valid samples. */
  static List<JsonNode> valid() {
    return VALID;
  }

  /** The specs of those that no other test expects to be refused. */
  static List<JsonNode> enforced() {
    return Stream.concat(
            specs("valid-").stream(),
            whole().stream()
                .filter(folder -> !Files.exists(folder.path().resolve("problems.yaml")))
                .map(Samples::policy)
                .flatMap(Samples::spec))
        .toList();
  }

  /** Specs of files whose names begin so: {@code valid-} or {@code invalid-}. */
  static List<JsonNode> specs(String prefix) {
    try (var files = Files.list(VALIDATION)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(prefix))
          .sorted()
          .map(Samples::read)
          .flatMap(Samples::spec)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the samples say in this field, each value once. */
  static Set<JsonNode> valuesOf(SchemaLeaf leaf) {
    return VALID.stream()
        .flatMap(spec -> leaf.places(spec).stream().map(place -> place.in(spec)))
        .collect(Collectors.toSet());
  }

  private static Stream<JsonNode> spec(ObjectNode policy) {
    return Stream.ofNullable(policy.get("spec"));
  }

  private static ObjectNode read(Path file) {
    try {
      return document(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ObjectNode document(String yaml) {
    return Serialization.unmarshal(yaml, ObjectNode.class);
  }
}
