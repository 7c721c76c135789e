package dev.portcullis.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.envoy.Denial;
import dev.portcullis.operator.names.Annotations;
import dev.portcullis.operator.names.Labels;
import dev.portcullis.operator.names.Names;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The reference manual says what the code says. */
class ReferenceTest {

  private static final Path DOCS = Path.of("../docs/reference");
  private static final Path SOURCES = Path.of("src/main/java");
  private static final Path ALARMS = Path.of("../helm/portcullis/templates/monitoring.yaml");
  private static final Pattern METRIC = Pattern.compile("\"(portcullis\\.(?!dev)[a-z.]+)\"");
  private static final Pattern METRICS_IN_DOCS = Pattern.compile("`(portcullis\\.[a-z.]+)`");
  private static final Pattern IN_PROMETHEUS = Pattern.compile("\\b(portcullis_[a-z_]+)");

  /** Names inside a pod that nobody but the operator and the sidecar reads. */
  private static final Set<String> INTERNAL =
      Set.of(
          "portcullis-identity",
          "portcullis-trust",
          "portcullis-token",
          "portcullis-config",
          "portcullis",
          "enabled",
          "operator");

  @Test
  void everyLabelAnnotationAndNameIsDescribed() {
    var described = read(DOCS.resolve("labels.md"));
    assertThat(constants(Labels.class, Annotations.class, Names.class).toList())
        .filteredOn(name -> !INTERNAL.contains(name))
        .isNotEmpty()
        .allSatisfy(name -> assertThat(described).contains(name));
  }

  @Test
  void everyMetricIsDescribed() {
    var described = read(DOCS.resolve("metrics.md"));
    assertThat(metrics())
        .isNotEmpty()
        .allSatisfy(name -> assertThat(described).contains("`" + name));
  }

  @Test
  void everyLayerThatDeniesIsDescribed() {
    var described = read(DOCS.resolve("denials.md"));
    assertThat(Denial.values())
        .allSatisfy(layer -> assertThat(described).contains("| `" + layer.word() + "` |"));
  }

  @Test
  void everyAlarmAsksForAMetricThatIsDescribed() {
    var described =
        METRICS_IN_DOCS
            .matcher(read(DOCS.resolve("metrics.md")))
            .results()
            .map(found -> found.group(1).replace('.', '_'))
            .collect(Collectors.toCollection(TreeSet::new));
    var asked =
        IN_PROMETHEUS.matcher(read(ALARMS)).results().map(MatchResult::group).distinct().toList();
    assertThat(asked)
        .isNotEmpty()
        .allSatisfy(
            name ->
                assertThat(described).contains(name.replaceAll("_(total|seconds|bucket)$", "")));
  }

  private static Set<String> metrics() {
    try (var files = Files.walk(SOURCES)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .map(ReferenceTest::read)
          .filter(source -> source.contains("import io.micrometer."))
          .flatMap(source -> METRIC.matcher(source).results())
          .map(found -> found.group(1))
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<String> constants(Class<?>... types) {
    return Arrays.stream(types)
        .flatMap(type -> Arrays.stream(type.getFields()))
        .filter(field -> Modifier.isStatic(field.getModifiers()))
        .map(ReferenceTest::value);
  }

  private static String value(Field field) {
    try {
      return (String) field.get(null);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
