package dev.portcullis.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;

/**
 * What is measured of a policy; written by the operator alone.
 *
 * @param observedGeneration the generation of the policy that this status speaks of
 * @param selector the spec's selector as text, see {@link LabelSelector#asText()}
 * @param conditions one per type
 * @param version content version of the configuration in force; null when none is
 * @param shortfalls pods that are not enforced, and why; the first {@value #MAX_SHORTFALLS} by name
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ApiBackendPolicyStatus(
    Long observedGeneration,
    String selector,
    List<Condition> conditions,
    Pods pods,
    Certificates certificates,
    String version,
    List<Shortfall> shortfalls) {

  /** Most shortfalls that a status tells. */
  public static final int MAX_SHORTFALLS = 20;

  /**
   * Counts of the selected pods.
   *
   * @param summary enforced of selected, as {@code 3/3}; see {@link #of}
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Pods(int selected, int injected, int programmed, int enforced, String summary) {

    /** With the summary made from the counts. */
    public static Pods of(int selected, int injected, int programmed, int enforced) {
      return new Pods(selected, injected, programmed, enforced, enforced + "/" + selected);
    }
  }

  /**
   * Certificates of the selected pods.
   *
   * @param soonestExpiry RFC 3339; null while no certificate is known
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Certificates(String soonestExpiry) {}

  /**
   * Why one pod is not enforced.
   *
   * @param reason one CamelCase word
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Shortfall(String pod, String reason, String message) {}

  public ApiBackendPolicyStatus {
    conditions = Absent.toEmpty(conditions);
    shortfalls = Absent.toEmpty(shortfalls);
  }
}
