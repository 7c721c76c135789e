package dev.portcullis.operator.watch.keys;

import dev.portcullis.bootstrap.contract.EnvoyNames;
import dev.portcullis.bootstrap.contract.KeyDelivery;
import dev.portcullis.operator.identity.CertificateAuthority;
import dev.portcullis.operator.identity.CryptoProvider;
import dev.portcullis.operator.identity.FreshKey;
import dev.portcullis.operator.identity.Issuance;
import dev.portcullis.operator.identity.Leaf;
import dev.portcullis.operator.identity.LeafKey;
import dev.portcullis.operator.identity.LeafOrder;
import dev.portcullis.operator.identity.TrustBundle;
import dev.portcullis.operator.watch.certificates.CertificateSettings;
import dev.portcullis.operator.watch.certificates.IssueQuota;
import dev.portcullis.operator.watch.cluster.Cluster;
import dev.portcullis.operator.watch.cluster.ObservedPod;
import dev.portcullis.operator.watch.cluster.ObservedPod.Phase;
import dev.portcullis.operator.watch.time.Timepiece;
import dev.portcullis.operator.xds.Peer;
import dev.portcullis.operator.xds.PeerSecret;
import dev.portcullis.operator.xds.PeerSecrets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a key and a certificate for the pod behind a stream, and forgets the key with the answer.
 *
 * <p>Whose certificate it is follows from the token that opened the stream, by the API server's
 * word alone; that the pod is one that is to be served so, from the pod's own specification.
 */
public final class StreamedKeys implements PeerSecrets {

  private static final Logger LOG = LoggerFactory.getLogger(StreamedKeys.class);

  /**
   * A CA that is replaced, or an operator that was away for long, makes many due at once. Pods that
   * hold no certificate do not wait for those that do.
   */
  private static final int RENEWALS_PER_SECOND = 50;

  private static final String ALL = "all";

  private final Parts parts;
  private final KeyMetrics metrics;
  private final IssueQuota perPod;
  private final IssueQuota perWorkload;
  private final IssueQuota renewals;

  /**
   * What it works with.
   *
   * @param authority the one that signs now; empty while none does
   * @param roots that peers trust now; empty while they are not known
   * @param keyType that a pod's policy asks for
   */
  public record Parts(
      Cluster cluster,
      Supplier<Optional<CertificateAuthority>> authority,
      Supplier<Optional<TrustBundle>> roots,
      Function<ObservedPod, LeafKey> keyType,
      CertificateSettings settings,
      CryptoProvider crypto,
      Timepiece clock) {}

  public StreamedKeys(Parts parts, KeyMetrics metrics) {
    this.parts = parts;
    this.metrics = metrics;
    var limits = parts.settings.limits();
    this.perPod =
        new IssueQuota(limits.perPodAndMinute(), Duration.ofMinutes(1), parts.clock::nanos);
    this.perWorkload =
        new IssueQuota(limits.perWorkloadAndHour(), Duration.ofHours(1), parts.clock::nanos);
    this.renewals = new IssueQuota(RENEWALS_PER_SECOND, Duration.ofSeconds(1), parts.clock::nanos);
  }

  @Override
  public boolean isDue(Peer peer, String name, String held) {
    return switch (name) {
      case EnvoyNames.IDENTITY_SECRET ->
          parts
              .authority
              .get()
              .flatMap(signer -> entitled(peer).filter(pod -> isDue(pod, signer, held)))
              .isPresent();
      case EnvoyNames.TRUST_SECRET ->
          trust().filter(roots -> !roots.version().equals(held)).isPresent()
              && entitled(peer).isPresent();
      default -> false;
    };
  }

  @Override
  public Optional<PeerSecret> next(Peer peer, String name, String held) {
    if (!isDue(peer, name, held)) {
      return Optional.empty();
    }
    return switch (name) {
      case EnvoyNames.IDENTITY_SECRET -> issue(peer, held);
      case EnvoyNames.TRUST_SECRET -> trust();
      default -> Optional.empty();
    };
  }

  /** The pod behind the stream, if it is one that is served so. */
  private Optional<ObservedPod> entitled(Peer peer) {
    return parts
        .cluster
        .pods()
        .get(peer.namespace(), peer.pod())
        .filter(pod -> pod.uid().equals(peer.uid()))
        .filter(pod -> pod.serviceAccount().equals(peer.serviceAccount()))
        .filter(pod -> pod.phase() != Phase.FINISHED)
        .filter(pod -> pod.sidecar().stream().anyMatch(it -> it.keys() == KeyDelivery.STREAM))
        .filter(pod -> !identity(peer).equals(parts.settings.server().spiffeId()));
  }

  private String identity(Peer peer) {
    return parts.settings.trustDomain().serviceAccount(peer.namespace(), peer.serviceAccount());
  }

  private boolean isDue(ObservedPod pod, CertificateAuthority signer, String held) {
    var today =
        new LeafDue.Today(
            parts.clock.instant(),
            LeafVersion.issuer(signer),
            parts.settings.leafLifetime(),
            parts.settings.leafRenewal(),
            parts.keyType.apply(pod));
    return LeafDue.reason(LeafVersion.parse(held), today).isPresent();
  }

  private Optional<PeerSecret> trust() {
    return parts.roots.get().map(TrustBundle::pem).map(Secrets::trust);
  }

  private Optional<PeerSecret> issue(Peer peer, String held) {
    var refused =
        isHeldSound(held) && !renewals.tryTake(ALL)
            ? "pace"
            : !perPod.tryTake(peer.uid())
                ? "quota"
                : !perWorkload.tryTake(identity(peer)) ? "workload" : "";
    if (!refused.isEmpty()) {
      metrics.postponed(refused);
      return Optional.empty();
    }
    return parts
        .authority
        .get()
        .flatMap(
            signer -> entitled(peer).flatMap(pod -> sign(peer, signer, parts.keyType.apply(pod))));
  }

  private boolean isHeldSound(String held) {
    var now = parts.clock.instant();
    return LeafVersion.parse(held).filter(version -> version.holdsAt(now)).isPresent();
  }

  private Optional<PeerSecret> sign(Peer peer, CertificateAuthority signer, LeafKey type) {
    var key = FreshKey.of(type, parts.crypto);
    var lifetime = parts.settings.leafLifetime();
    var now = parts.clock.instant();
    var order = new LeafOrder(key.certifiable(), identity(peer), List.of(), lifetime, now);
    return switch (signer.issue(order)) {
      case Issuance.Issued(Leaf leaf) -> {
        metrics.issued();
        var version = LeafVersion.of(leaf, signer, type);
        yield Optional.of(Secrets.identity(version.text(), key.with(leaf)));
      }
      case Issuance.Refused(String reason) -> {
        metrics.postponed("authority");
        LOG.warn("no certificate for pod {}/{}: {}", peer.namespace(), peer.pod(), reason);
        yield Optional.empty();
      }
    };
  }
}
