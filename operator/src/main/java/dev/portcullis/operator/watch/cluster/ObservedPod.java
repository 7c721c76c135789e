package dev.portcullis.operator.watch.cluster;

import dev.portcullis.bootstrap.contract.KeyDelivery;
import dev.portcullis.operator.intent.BackendKey;
import dev.portcullis.operator.intent.Inbound.Capture;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the gate needs to know of a pod.
 *
 * @param ip empty until the kubelet has given one
 * @param sidecar empty when the pod was not injected
 * @param ports which its containers say they use, the sidecar's left out
 * @param credentials whether the pod has a certificate of ours, injected or not
 * @param grace how long it may take to end
 */
public record ObservedPod(
    String namespace,
    String name,
    String uid,
    Map<String, String> labels,
    String serviceAccount,
    Optional<String> ip,
    Phase phase,
    Instant created,
    Optional<Sidecar> sidecar,
    Credentials credentials,
    Readiness readiness,
    Set<Integer> ports,
    Duration grace) {

  /** What Kubernetes gives a pod that asks for nothing else. */
  static final Duration USUAL_GRACE = Duration.ofSeconds(30);

  /** Of a pod with the usual time to end. */
  public ObservedPod(
      String namespace,
      String name,
      String uid,
      Map<String, String> labels,
      String serviceAccount,
      Optional<String> ip,
      Phase phase,
      Instant created,
      Optional<Sidecar> sidecar,
      Credentials credentials,
      Readiness readiness,
      Set<Integer> ports) {
    this(
        namespace,
        name,
        uid,
        labels,
        serviceAccount,
        ip,
        phase,
        created,
        sidecar,
        credentials,
        readiness,
        ports,
        USUAL_GRACE);
  }

  /** Whether the pod wants requests, by its own probes. */
  public enum Readiness {
    READY,
    UNREADY
  }

  /** What a pod proves itself with. */
  public enum Credentials {
    /** A certificate of our CA, by the kubelet or over the stream. */
    OURS,
    OTHERS
  }

  /** Where a pod is in its life. */
  public enum Phase {
    /** Accepted by the API server; its containers do not all run yet. */
    PENDING,
    RUNNING,
    /** Asked to go; still serving until it is gone. */
    TERMINATING,
    /** Succeeded or failed; it holds no address any more. */
    FINISHED
  }

  /**
   * The gate inside the pod.
   *
   * @param policy the policy that selected the pod when it was injected
   * @param capture how connections reach Envoy in this pod, whatever the policy says today
   * @param keys how it gets its key, whatever new pods do
   * @param template what it was made from
   * @param drain after which connections of a filter chain that was replaced are cut
   */
  public record Sidecar(
      BackendKey policy,
      Capture capture,
      KeyDelivery keys,
      State state,
      Template template,
      Duration drain) {

    /**
     * Equal hashes mean equal sidecars.
     *
     * @param hash empty where the pod does not say
     */
    public record Template(String hash, String proxyImage) {}

    /** What the kubelet says of the sidecar's container. */
    public enum State {
      /** It runs, and its startup probe has passed. */
      STARTED,
      NOT_STARTED
    }
  }

  public ObservedPod {
    labels = Map.copyOf(labels);
    ports = Set.copyOf(ports);
  }

  /** Whether requests may be sent to it. */
  public boolean isReady() {
    return ip.isPresent() && phase == Phase.RUNNING && readiness == Readiness.READY;
  }

  /** Whether it can be talked to. */
  public boolean serves() {
    return ip.isPresent() && (phase == Phase.RUNNING || phase == Phase.TERMINATING);
  }
}
