package dev.portcullis.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Holds the table of which package may import which, a reason per row. */
class ArchitectureTest {

  private static final String ROOT = "dev.portcullis.operator.";
  private static final String CRDS = "dev.portcullis.api.";
  private static final String CONTRACT = "dev.portcullis.bootstrap.contract";
  private static final String KUBERNETES_MODEL = "io.fabric8.kubernetes.api.model";
  private static final List<String> JDK = List.of("java.", "javax.");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.portcullis.operator");

  /** A package, what it may import beyond the JDK and itself, and why no more. */
  private enum Row {
    NAMES("names", List.of(), "names are words; they depend on nothing"),
    INTENT(
        "intent",
        List.of(),
        "the middle speaks the domain's words alone, so both arrows stay pure"),
    RESOLVE(
        "resolve",
        List.of(
            CRDS,
            ROOT + "intent",
            KUBERNETES_MODEL,
            "com.fasterxml.jackson",
            "org.snakeyaml.engine",
            "com.google.protobuf",
            "com.google.api.AnnotationsProto",
            "com.google.api.CustomHttpPattern",
            "com.google.api.HttpRule"),
        "reads the user's types and texts, gives intents; a client here would make it impure"),
    ENVOY(
        "envoy",
        List.of(
            ROOT + "intent",
            CONTRACT,
            "io.envoyproxy.envoy",
            "com.google.protobuf",
            "com.google.api.expr",
            "com.github.xds"),
        "translation is intent -> protobuf; Kubernetes is not visible from here"),
    XDS(
        "xds",
        List.of(
            ROOT + "envoy.EnvoyResources",
            ROOT + "envoy.LineBucket",
            CONTRACT,
            "io.envoyproxy",
            "com.google",
            "com.github.xds",
            "io.grpc",
            "io.netty",
            "io.micrometer",
            "org.slf4j"),
        "delivers bytes by group; it knows neither policies nor the Kubernetes API"),
    EXPLAIN(
        "explain",
        List.of(
            CRDS,
            ROOT + "intent",
            ROOT + "resolve",
            ROOT + "envoy",
            KUBERNETES_MODEL,
            "io.fabric8.kubernetes.client.utils"),
        "answers from what is handed in; a client here would answer for what it sees alone"),
    NETWORK(
        "network",
        List.of(ROOT + "intent", ROOT + "names", CONTRACT, KUBERNETES_MODEL),
        "a pure factory of NetworkPolicies; applying them is watch's"),
    IDENTITY(
        "identity",
        List.of(ROOT + "names", "org.bouncycastle", "com.amazon.corretto", "org.slf4j"),
        "keys and certificates as values; no cluster, so that the CA is testable to the last byte"),
    INJECT(
        "inject",
        List.of(
            ROOT + "names",
            CONTRACT,
            KUBERNETES_MODEL,
            "io.fabric8.kubernetes.client.utils",
            "io.fabric8.zjsonpatch",
            "io.javaoperatorsdk.webhook",
            "com.fasterxml.jackson",
            "io.netty.handler.ssl",
            "io.vertx",
            "io.micrometer",
            "org.slf4j"),
        "Pod -> Pod; which policy selects a pod is handed in as a function"),
    STATUS(
        "status",
        List.of(
            CRDS,
            KUBERNETES_MODEL,
            ROOT + "intent.Documentation",
            ROOT + "intent.Epoch",
            ROOT + "intent.Shadow",
            ROOT + "resolve.Problem",
            ROOT + "xds.Delivery",
            ROOT + "xds.PublishOutcome"),
        "facts -> conditions; it measures nothing itself");

    final String name;
    final List<String> allowed;
    final String reason;

    Row(String name, List<String> allowed, String reason) {
      this.name = name;
      this.allowed = allowed;
      this.reason = reason;
    }
  }

  /** Annotations of the compiler, which no rule is about. */
  private static final Map<String, String> ALWAYS =
      Map.of("com.google.errorprone.annotations", "checked at compile time only");

  @ParameterizedTest
  @EnumSource(Row.class)
  void importsOnlyWhatItsRowAllows(Row row) {
    var offences = new TreeSet<String>();
    for (JavaClass type : CLASSES) {
      if (isIn(type.getPackageName(), row.name)) {
        type.getDirectDependenciesFromSelf().stream()
            .filter(dependency -> !isAllowed(dependency, row))
            .forEach(dependency -> offences.add(dependency.getDescription()));
      }
    }
    assertThat(offences).as("%s: %s", row.name, row.reason).isEmpty();
  }

  private static boolean isIn(String packageName, String row) {
    return packageName.equals(ROOT + row) || packageName.startsWith(ROOT + row + ".");
  }

  private static boolean isAllowed(Dependency dependency, Row row) {
    var target = dependency.getTargetClass().getBaseComponentType();
    var name = target.getName();
    return target.isPrimitive()
        || JDK.stream().anyMatch(name::startsWith)
        || isIn(target.getPackageName(), row.name)
        || ALWAYS.keySet().stream().anyMatch(name::startsWith)
        || row.allowed.stream().anyMatch(name::startsWith);
  }
}
