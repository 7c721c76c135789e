package dev.portcullis.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CrdTest {

  static final Path CRD =
      Path.of("src/main/resources/crds/apibackendpolicies.portcullis.dev-v1.yaml");

  @Test
  void theCheckedInCrdIsTheOneThatTheTypesMake() throws IOException {
    var made = GeneratedCrd.yaml();
    if (Boolean.getBoolean("golden.update")) {
      Files.createDirectories(CRD.getParent());
      Files.writeString(CRD, made);
    }

    assertThat(Files.readString(CRD))
        .as("%s has drifted from the types; mvn -pl crds test -Dgolden.update=true mends it", CRD)
        .isEqualTo(made);
  }

  @Test
  void everyFieldIsDescribedInFullSentences() {
    var missing = new ArrayList<String>();
    var schema =
        Serialization.unmarshal(GeneratedCrd.yaml(), JsonNode.class)
            .at("/spec/versions/0/schema/openAPIV3Schema");

    collectUndescribed(schema, "", missing);

    assertThat(missing).as("fields without a description that ends a sentence").isEmpty();
  }

  @Test
  void everyRuleTellsWhatToDo() {
    var rules =
        Serialization.unmarshal(GeneratedCrd.yaml(), JsonNode.class)
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
