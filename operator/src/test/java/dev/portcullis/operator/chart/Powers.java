package dev.portcullis.operator.chart;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the roles of a chart allow, one power per line, sorted: made to be read in a review. */
final class Powers {

  private Powers() {}

  /** Ends with a line feed. */
  static String of(List<HasMetadata> manifests) {
    return manifests.stream()
        .flatMap(Powers::of)
        .sorted()
        .distinct()
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private static Stream<String> of(HasMetadata manifest) {
    return switch (manifest) {
      case ClusterRole role ->
          lines("cluster-wide by " + role.getMetadata().getName(), role.getRules());
      case Role role ->
          lines("in its namespace by " + role.getMetadata().getName(), role.getRules());
      default -> Stream.empty();
    };
  }

  private static Stream<String> lines(String where, List<PolicyRule> rules) {
    return rules.stream()
        .flatMap(
            rule ->
                rule.getApiGroups().stream()
                    .flatMap(
                        group ->
                            rule.getResources().stream()
                                .flatMap(resource -> lines(where, group, resource, rule))));
  }

  private static Stream<String> lines(
      String where, String group, String resource, PolicyRule rule) {
    var names = rule.getResourceNames().isEmpty() ? "" : " " + rule.getResourceNames();
    var what = group.isEmpty() ? resource : resource + "." + group;
    return rule.getVerbs().stream().map(verb -> where + ": " + what + names + ": " + verb);
  }
}
