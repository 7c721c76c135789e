package dev.portcullis.api.v1alpha1;

import static java.util.Comparator.comparing;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The CRD as the types make it, completed with what the generator has no annotation for: the kind's
 * description, the order of the columns, the schema of conditions, Gateway API's policy label.
 */
final class GeneratedCrd implements CRDPostProcessor {

  private static final String HEADER =
      """
      # Made from crds/src/main/java. Do not edit: change the types, then run
      # mvn -pl crds test -Dgolden.update=true
      """;

  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .disable(YAMLGenerator.Feature.SPLIT_LINES)
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
          .build();

  private final Kind kind;
  private CustomResourceDefinition crd;

  /** Every kind of the API, with what only a person knows of its CRD. */
  enum Kind {
    POLICY(
        ApiBackendPolicy.class,
        List.of(
            "BACKEND",
            "PODS",
            "ENFORCED",
            "PROGRAMMED",
            "OUTDATED",
            "SHADOW",
            "CERTIFICATES UNTIL",
            "AGE"),
        Map.of("gateway.networking.k8s.io/policy", "Direct"),
        "What is asked of the gate.",
        "What is measured of the gate. Written by the operator alone."),
    CLIENT_CERTIFICATE(
        ApiClientCertificate.class,
        List.of("READY", "UP-TO-DATE", "SECRET", "EXPIRES", "RENEWAL", "IDENTITY", "AGE"),
        Map.of(),
        "Whose certificate, and where it is put.",
        "What the Secret holds. Written by the operator alone.");

    private final Class<? extends CustomResource<?, ?>> type;
    private final List<String> columns;
    private final Map<String, String> labels;
    private final String spec;
    private final String status;

    Kind(
        Class<? extends CustomResource<?, ?>> type,
        List<String> columns,
        Map<String, String> labels,
        String spec,
        String status) {
      this.type = type;
      this.columns = columns;
      this.labels = labels;
      this.spec = spec;
      this.status = status;
    }

    /** The CRD's name. */
    String crd() {
      return CustomResource.getCRDName(type);
    }

    /** The checked-in CRD. */
    Path file() {
      return Path.of("src/main/resources/crds/%s-v1.yaml".formatted(crd()));
    }
  }

  private GeneratedCrd(Kind kind) {
    this.kind = kind;
  }

  static String yaml(Kind kind) {
    var result = new GeneratedCrd(kind);
    new CRDGenerator()
        .customResourceClasses(kind.type)
        .forCRDVersions("v1")
        .withPostProcessor(result)
        .withOutput(new Discarded())
        .generate();
    try {
      var tree = Serialization.jsonMapper().readTree(Serialization.asJson(result.crd));
      var text = YAML.writeValueAsString(tree);
      return HEADER + text.replaceAll("(?m)(minimum|maximum): (\\S+)\\.0(E\\d)?$", "$1: $2");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public HasMetadata process(HasMetadata made, String version) {
    crd = (CustomResourceDefinition) made;
    crd.getMetadata().setLabels(kind.labels);
    var served = crd.getSpec().getVersions().getFirst();
    served.getAdditionalPrinterColumns().sort(comparing(this::position));
    var schema = served.getSchema().getOpenAPIV3Schema();
    schema.setDescription(kind.type.getAnnotation(JsonClassDescription.class).value());
    schema.setRequired(List.of("spec"));
    schema.getProperties().get("spec").setDescription(kind.spec);
    complete(schema.getProperties().get("status"));
    dropRepeatedRules(schema);
    return crd;
  }

  /** The generator finds the annotations of a record's component twice: field and accessor. */
  private static void dropRepeatedRules(JSONSchemaProps schema) {
    schema.setXKubernetesValidations(
        schema.getXKubernetesValidations().stream().distinct().toList());
    if (schema.getProperties() != null) {
      schema.getProperties().values().forEach(GeneratedCrd::dropRepeatedRules);
    }
    if (schema.getItems() != null) {
      dropRepeatedRules(schema.getItems().getSchema());
    }
  }

  private int position(CustomResourceColumnDefinition column) {
    return kind.columns.indexOf(column.getName());
  }

  private void complete(JSONSchemaProps status) {
    status.setDescription(kind.status);
    var fields = status.getProperties();
    fields.get("observedGeneration").setFormat("int64");
    timesOf(fields).forEach(time -> time.setFormat("date-time"));
    var condition = fields.get("conditions").getItems().getSchema();
    condition.setRequired(List.of("type", "status", "lastTransitionTime", "reason", "message"));
    describe(condition, "type", "What the condition is about.");
    describe(condition, "status", "True, False or Unknown.");
    describe(condition, "observedGeneration", ofGeneration());
    describe(condition, "lastTransitionTime", "When the status last changed.");
    describe(condition, "reason", "One word for programs.");
    describe(condition, "message", "A sentence for people.");
    condition.getProperties().get("lastTransitionTime").setFormat("date-time");
    condition.getProperties().get("observedGeneration").setFormat("int64");
  }

  private String ofGeneration() {
    return switch (kind) {
      case POLICY -> "The generation of the policy that it speaks of.";
      case CLIENT_CERTIFICATE -> "The generation of the object that it speaks of.";
    };
  }

  private List<JSONSchemaProps> timesOf(Map<String, JSONSchemaProps> status) {
    return switch (kind) {
      case POLICY -> List.of(status.get("certificates").getProperties().get("soonestExpiry"));
      case CLIENT_CERTIFICATE ->
          Stream.of("notBefore", "notAfter", "renewalTime").map(status::get).toList();
    };
  }

  private static void describe(JSONSchemaProps schema, String field, String text) {
    schema.getProperties().get(field).setDescription(text);
  }

  /** The generator insists on writing; the post-processor has what is wanted. */
  private static final class Discarded implements CRDGenerator.CRDOutput<OutputStream> {

    @Override
    public OutputStream outputFor(String name) {
      return OutputStream.nullOutputStream();
    }

    @Override
    public void close() {}
  }
}
