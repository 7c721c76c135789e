package dev.portcullis.operator.explain;

import dev.portcullis.operator.envoy.DenialId;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the logs of sidecars say of one id: by which generation of which policy it was refused. The
 * id is the same in every generation, so nothing but a line knows.
 */
final class RefusalLines {

  /** Between objects and lines on standard input. */
  private static final Pattern HEADING = Pattern.compile("(?m)^# lines of sidecars$");

  private static final KubernetesSerialization JSON = new KubernetesSerialization();

  /** A line as far as it is told. */
  private record Line(String pod, String policy, String generation, String time) {

    private String rule() {
      return "%s of %s".formatted(generation, policy);
    }
  }

  /** What comes before the lines. */
  static String objectsIn(String input) {
    return HEADING.split(input, 2)[0];
  }

  /** One sentence for each generation that refused; none where no line tells of this id. */
  static List<String> of(DenialId id, String input) {
    var parts = HEADING.split(input, 2);
    return parts.length < 2
        ? List.of()
        : parts[1]
            .lines()
            .flatMap(line -> read(line, id))
            .collect(Collectors.groupingBy(Line::rule, TreeMap::new, Collectors.toList()))
            .values()
            .stream()
            .map(RefusalLines::sentence)
            .toList();
  }

  /** Nothing of a line that is cut off, or of another id. */
  private static Stream<Line> read(String text, DenialId id) {
    var parts = text.split(" ", 2);
    try {
      Map<?, ?> line = JSON.unmarshal(parts.length < 2 ? "{}" : parts[1], Map.class);
      return text(line, "denial").equals(id.toString())
          ? Stream.of(
              new Line(parts[0], text(line, "policy"), generation(line), text(line, "time")))
          : Stream.empty();
    } catch (RuntimeException unreadable) {
      return Stream.empty();
    }
  }

  /** What is refused before a route is looked up has none. */
  private static String generation(Map<?, ?> line) {
    return line.containsKey("policyGeneration")
        ? "generation " + text(line, "policyGeneration")
        : "a generation that the lines do not tell,";
  }

  private static String text(Map<?, ?> line, String field) {
    return Optional.ofNullable(line.get(field)).map(Object::toString).orElse("");
  }

  private static String sentence(List<Line> lines) {
    var last = lines.stream().max(Comparator.comparing(Line::time)).orElseThrow();
    return lines.size() == 1
        ? "by %s: at %s in pod %s".formatted(last.rule(), last.time(), last.pod())
        : "by %s: %d lines, the last at %s in pod %s"
            .formatted(last.rule(), lines.size(), last.time(), last.pod());
  }

  private RefusalLines() {}
}
