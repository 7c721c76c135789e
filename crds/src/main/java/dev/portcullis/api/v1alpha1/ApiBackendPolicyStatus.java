package dev.portcullis.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
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
 * @param outdated pods with another sidecar than new ones get; the first {@value #MAX_OUTDATED} by
 *     name
 * @param openApi null where the configuration in force comes from no document
 * @param shadow null where nothing is in shadow
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@SchemaCustomizer(value = ListTypes.class, input = "conditions=type shortfalls=pod outdated=pod")
public record ApiBackendPolicyStatus(
    @JsonPropertyDescription("The generation of the policy that this status speaks of.")
        Long observedGeneration,
    @JsonPropertyDescription("The selector as text.") String selector,
    @JsonPropertyDescription(
            "Accepted: the policy is understood and no older one claims its pods. Programmed: every"
                + " sidecar acknowledged this generation. Enforced: every selected pod has its"
                + " sidecar, a valid certificate, the acknowledged configuration and its"
                + " NetworkPolicy. Ready: all of that. There only while True: Expiring, certificates"
                + " of its pods were not renewed; Throttled, none are issued for now; Doubtful, times"
                + " in it do not fit each other.")
        List<Condition> conditions,
    @JsonPropertyDescription("Counts of the selected pods.") Pods pods,
    @JsonPropertyDescription("Certificates of the selected pods.") Certificates certificates,
    @JsonPropertyDescription(
            "Content version of the configuration in force; a sidecar that acknowledged it runs"
                + " exactly this configuration.")
        String version,
    @Size(max = MAX_SHORTFALLS)
        @JsonPropertyDescription("The pods that are not enforced, and why: the first 20 by name.")
        List<Shortfall> shortfalls,
    @Size(max = MAX_OUTDATED)
        @JsonPropertyDescription(
            "The pods whose sidecar is not the one that a new pod would get, after an upgrade or an"
                + " edit: the first 20 by name. They take every new configuration all the same;"
                + " recreate them to renew their sidecar.")
        List<Outdated> outdated,
    @JsonPropertyDescription(
            "Rights to call that were taken away, and whether every connection from before has been"
                + " cut. While one may be left, Enforced is False with the reason Revoking, and the"
                + " shortfalls say until when.")
        Revocation revocation,
    @JsonPropertyDescription(
            "What of the OpenAPI document in force is enforced, and what is not. Absent where the"
                + " configuration in force comes from none.")
        OpenApiStatus openApi,
    @JsonPropertyDescription(
            "What would have been denied but for mode: Shadow, counted about once a minute. Absent"
                + " where nothing is in shadow.")
        ShadowStatus shadow) {

  /** Most shortfalls that a status tells. */
  public static final int MAX_SHORTFALLS = 20;

  /** Most outdated pods that a status names. */
  public static final int MAX_OUTDATED = 20;

  /**
   * Counts of the selected pods.
   *
   * @param summary enforced of selected, as {@code 3/3}; see {@link #of}
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Pods(
      @JsonPropertyDescription("Pods that the policy selects.") int selected,
      @JsonPropertyDescription("Those that have their sidecar.") int injected,
      @JsonPropertyDescription("Those whose sidecar acknowledged this generation.") int programmed,
      @JsonPropertyDescription("Those that are enforced in every respect.") int enforced,
      @JsonPropertyDescription("Those whose sidecar is not the one that a new pod would get.")
          int outdated,
      @JsonPropertyDescription("Enforced of selected, such as 3/3.") String summary) {

    /** With the summary made from the counts; none of them outdated. */
    public static Pods of(int selected, int injected, int programmed, int enforced) {
      return new Pods(selected, injected, programmed, enforced, 0, enforced + "/" + selected);
    }

    /** The same with so many of them outdated. */
    public Pods withOutdated(int count) {
      return new Pods(selected, injected, programmed, enforced, count, summary);
    }
  }

  /**
   * Certificates of the selected pods.
   *
   * @param soonestExpiry RFC 3339; null while no certificate is known
   * @param keysByKubelet null for none
   * @param keysByStream null for none
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Certificates(
      @JsonPropertyDescription("When the first of them expires, unless it is renewed before.")
          String soonestExpiry,
      @JsonPropertyDescription(
              "Number of pods whose private key is made by the kubelet of their node, which renews"
                  + " it.")
          Integer keysByKubelet,
      @JsonPropertyDescription(
              "Number of pods whose private key is made by the operator, and sent to the memory of"
                  + " their sidecar over its stream: those that were created while the cluster"
                  + " had no PodCertificateRequest.")
          Integer keysByStream) {}

  /**
   * Which connections are cut, because somebody who could call before can not any more.
   *
   * @param generation null where no generation has taken anything from a caller
   * @param authorities null where no CA was removed before its certificates had ended
   * @param state {@code Cutting} or {@code Done}
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Revocation(
      @JsonPropertyDescription("The last generation that was compared with the one before it.")
          Long judgedGeneration,
      @JsonPropertyDescription(
              "The last generation that took something from a caller: connections from before it"
                  + " are cut. Absent if there was none.")
          Long generation,
      @JsonPropertyDescription(
              "How often connections were cut because a CA was removed while its certificates were"
                  + " still valid. Absent if never.")
          Integer authorities,
      @Required
          @JsonPropertyDescription(
              "Cutting: connections from before may still be open. Done: none is.")
          String state) {}

  /**
   * Why one pod is not enforced.
   *
   * @param reason one CamelCase word
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Shortfall(
      @Required @JsonPropertyDescription("Name of the pod.") String pod,
      @JsonPropertyDescription("One word for programs.") String reason,
      @JsonPropertyDescription("A sentence for people.") String message) {}

  /** In what the sidecar of one pod differs from a new pod's. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Outdated(
      @Required @JsonPropertyDescription("Name of the pod.") String pod,
      @JsonPropertyDescription("A sentence for people.") String message) {}

  public ApiBackendPolicyStatus {
    conditions = Absent.toEmpty(conditions);
    shortfalls = Absent.toEmpty(shortfalls);
    outdated = Absent.toEmpty(outdated);
  }
}
