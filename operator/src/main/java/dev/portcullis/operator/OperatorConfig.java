package dev.portcullis.operator;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Everything that an administrator may set, as {@code portcullis.*} or {@code PORTCULLIS_*}. The
 * chart sets what has no default.
 */
@ConfigMapping(prefix = "portcullis")
public interface OperatorConfig {

  /** The operator's own namespace. */
  String namespace();

  /** The operator's own service account; with the namespace it makes its identity. */
  @WithDefault("portcullis")
  String serviceAccount();

  /** Name of this replica; unique among them. */
  @WithDefault("${pod.name:${hostname:portcullis}}")
  String instance();

  /** Of every identity: {@code spiffe://<trust domain>/ns/<namespace>/sa/<service account>}. */
  @WithDefault("cluster.local")
  String trustDomain();

  /** Of workloads' certificates, at least an hour; they are renewed at half of it. */
  @WithDefault("24h")
  Duration leafLifetime();

  /**
   * Renews workloads' certificates this long after they begin to hold, if half their life is later.
   */
  Optional<Duration> leafRenewal();

  /** Certificates that all pods of one service account together may have within an hour. */
  @WithDefault("1000")
  int issuesPerWorkloadAndHour();

  /** Lets policies break their own configuration; never in production. */
  @WithDefault("false")
  boolean testHooks();

  Xds xds();

  Webhook webhook();

  Images images();

  Proxy proxy();

  Lease lease();

  Probe probe();

  /** Delivery of configuration to sidecars. */
  interface Xds {

    /** {@code host:port} at which sidecars find the operator. */
    String address();

    @WithDefault("18000")
    int port();

    /** On loopback only, for the Envoy beside the operator. */
    @WithDefault("18001")
    int canaryPort();

    /** How long a configuration waits for a canary that is not connected. */
    @WithDefault("20s")
    Duration canaryGrace();
  }

  /** Injection. */
  interface Webhook {

    @WithDefault("9443")
    int port();

    /** Name of the MutatingWebhookConfiguration whose {@code caBundle} is kept right. */
    @WithDefault("portcullis")
    String configuration();
  }

  /** What runs in injected pods. */
  interface Images {

    /** Of the init step. */
    @WithDefault("portcullis/sidecar-bootstrap:0.1.0")
    String bootstrap();

    /** Of the proxy. */
    @WithDefault("envoyproxy/envoy:v1.40.0")
    String envoy();

    /** {@code IfNotPresent}, {@code Always} or {@code Never}. */
    @WithDefault("IfNotPresent")
    String pullPolicy();
  }

  /** The proxy of injected pods. */
  interface Proxy {

    /** Worker threads. */
    @WithDefault("2")
    int concurrency();

    @WithDefault("50m")
    String cpuRequest();

    /** Without cpu limit where empty: a proxy that is throttled makes every caller wait. */
    Optional<String> cpuLimit();

    /** Of both memory settings: what the tracked clients of a policy take comes on top. */
    @WithDefault("64Mi")
    String memoryRequest();

    @WithDefault("256Mi")
    String memoryLimit();

    /**
     * Labels of the pods that may read sidecars' metrics, by namespace, in JSON. Where empty the
     * metrics are not served.
     */
    @WithDefault("{}")
    String scrapeFrom();
  }

  /** Leader election. */
  interface Lease {

    @WithDefault("portcullis")
    String name();

    /** How long a silent leader keeps the others waiting. */
    @WithDefault("15s")
    Duration duration();

    @WithDefault("10s")
    Duration renewDeadline();

    @WithDefault("2s")
    Duration retry();
  }

  /** Measuring what is enforced. */
  interface Probe {

    /** Of each step of a measurement. */
    @WithDefault("2s")
    Duration timeout();
  }

  /**
   * How new pods get their keys: {@code Kubelet}, {@code Stream}, or {@code Auto} for the best way
   * that the cluster has.
   */
  @WithDefault("Auto")
  String keyDelivery();

  Jwks jwks();

  /** Asking issuers of tokens for their keys. */
  interface Jwks {

    /**
     * Hosts that policies may name: {@code login.example.com}, {@code *.example.com} or {@code *},
     * with {@code :port} where it is not 443. Without any no issuer is asked.
     */
    Optional<List<String>> allowedHosts();

    /** CIDRs that those hosts may be in although they are not public. */
    Optional<List<String>> allowedNetworks();

    /** For one whole answer, at all of the host's addresses together. */
    @WithDefault("10s")
    Duration timeout();
  }

  RateLimit rateLimit();

  /** Counting for all pods of a backend together; there where an address is. */
  interface RateLimit {

    /** {@code host:port} at which sidecars find the rate limit service. */
    Optional<String> address();

    /** Of the service, in the operator's namespace; with the namespace it makes its identity. */
    @WithDefault("portcullis-rate-limit")
    String serviceAccount();

    /** From which each backend's account in the store is made. */
    Optional<String> secret();
  }

  Rotation rotation();

  /** Replacing the CA. */
  interface Rotation {

    /**
     * From the publication of a new root to the switch, and from there to the retirement of the old
     * one, at least: for pods that are starting and callers that cannot be asked.
     */
    @WithDefault("5m")
    Duration spread();

    /** Secret of the operator's namespace with a CA that people bring; never written. */
    Optional<String> providedSecret();

    /** With stragglers, when the CA that they hold on to is compromised. */
    @WithDefault("15m")
    Duration patience();
  }

  /** Where the Kubernetes API is; empty for what the environment says. */
  Optional<String> kubeconfig();
}
