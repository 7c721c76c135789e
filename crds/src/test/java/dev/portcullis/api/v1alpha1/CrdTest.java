package dev.portcullis.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CrdTest {

  @ParameterizedTest
  @EnumSource(GeneratedCrd.Kind.class)
  void theCheckedInCrdIsTheOneThatTheTypesMake(GeneratedCrd.Kind kind) throws IOException {
    var made = GeneratedCrd.yaml(kind);
    var crd = kind.file();
    if (Boolean.getBoolean("golden.update")) {
      Files.createDirectories(crd.getParent());
      Files.writeString(crd, made);
    }

    assertThat(Files.readString(crd))
        .as("%s has drifted from the types; mvn -pl crds test -Dgolden.update=true mends it", crd)
        .isEqualTo(made);
  }

  @ParameterizedTest
  @EnumSource(GeneratedCrd.Kind.class)
  void everyFieldIsDescribedInFullSentences(GeneratedCrd.Kind kind) {
    var missing = new ArrayList<String>();
    var schema =
        Serialization.unmarshal(GeneratedCrd.yaml(kind), JsonNode.class)
            .at("/spec/versions/0/schema/openAPIV3Schema");

    collectUndescribed(schema, "", missing);

    assertThat(missing).as("fields without a description that ends a sentence").isEmpty();
  }

  @ParameterizedTest
  @EnumSource(GeneratedCrd.Kind.class)
  void everyRuleTellsWhatToDo(GeneratedCrd.Kind kind) {
    var rules =
        Serialization.unmarshal(GeneratedCrd.yaml(kind), JsonNode.class)
            .findValues("x-kubernetes-validations");

    assertThat(rules).isNotEmpty();
    for (var list : rules) {
      for (var rule : list) {
        assertThat(rule.path("message").asText()).as(rule.toString()).matches("(?s)[A-Z].*\\.");
      }
    }
  }

  private static void collectUndescribed(JsonNode schema, String path, List<String> missing) {
    schema
        .path("properties")
        .properties()
        .forEach(
            field -> {
              var below = path + "." + field.getKey();
              if (!field.getValue().path("description").asText().endsWith(".")) {
                missing.add(below);
              }
              collectUndescribed(field.getValue(), below, missing);
            });
    if (schema.has("items")) {
      collectUndescribed(schema.get("items"), path + "[]", missing);
    }
  }
}
