package dev.portcullis.operator.watch.certificates;

import dev.portcullis.bootstrap.contract.KeyDelivery;
import dev.portcullis.operator.identity.ServerIdentity;
import dev.portcullis.operator.identity.TrustDomain;
import dev.portcullis.operator.identity.rotation.Timing;
import java.time.Duration;
import java.util.Optional;

/**
 * What an installation decides about certificates.
 *
 * @param trustDomain of every identity
 * @param namespace the operator's own, where the CA's Secret is kept
 * @param server as whom the operator serves and calls
 * @param leafLifetime of workloads' certificates, at least an hour; cut to what a pod asks for
 * @param leafRenewal longest time from a leaf's {@code notBefore} to its renewal, at least 10
 *     minutes; half its life if that is sooner
 * @param limits how many certificates are issued at most
 * @param rotation how long a rotation of the CA takes its time
 * @param providedSecret name of the Secret, in {@code namespace}, of a CA that people bring
 * @param delivery how new pods get their keys; empty for the best way that the cluster has
 */
public record CertificateSettings(
    TrustDomain trustDomain,
    String namespace,
    ServerIdentity server,
    Duration leafLifetime,
    Duration leafRenewal,
    IssueLimits limits,
    Timing rotation,
    Optional<String> providedSecret,
    Optional<KeyDelivery> delivery) {

  public static final Duration DEFAULT_LEAF_LIFETIME = Duration.ofHours(24);

  /** The defaults, for a service account and the DNS names of the operator's services. */
  public static CertificateSettings of(
      TrustDomain trustDomain, String namespace, ServerIdentity server) {
    return new CertificateSettings(
        trustDomain,
        namespace,
        server,
        DEFAULT_LEAF_LIFETIME,
        DEFAULT_LEAF_LIFETIME,
        IssueLimits.DEFAULT,
        Timing.DEFAULT,
        Optional.empty(),
        Optional.empty());
  }
}
