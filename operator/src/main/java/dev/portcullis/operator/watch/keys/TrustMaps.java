package dev.portcullis.operator.watch.keys;

import dev.portcullis.operator.identity.rotation.Elder;
import dev.portcullis.operator.identity.rotation.Straggler;
import dev.portcullis.operator.watch.certificates.CertificateService;
import dev.portcullis.operator.watch.certificates.Witness;
import dev.portcullis.operator.watch.cluster.Cluster;
import dev.portcullis.operator.watch.lead.Term;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps the roots in a ConfigMap of every namespace whose pods know the operator by it. Writes only
 * while this replica leads.
 */
public final class TrustMaps implements Term, Witness {

  private final Parts parts;
  private volatile Optional<TrustMapLoop> loop = Optional.empty();

  /**
   * What it works with.
   *
   * @param namespace the operator's own
   * @param spread how long kubelets have to bring a new root into pods, once it is in a ConfigMap
   */
  public record Parts(
      KubernetesClient client,
      Cluster cluster,
      CertificateService certificates,
      String namespace,
      Duration spread,
      Clock clock) {}

  public TrustMaps(Parts parts) {
    this.parts = parts;
    parts.certificates.onChange(state -> loop.ifPresent(TrustMapLoop::lookSoon));
  }

  @Override
  public synchronized void begin() {
    end();
    var begun = new TrustMapLoop(parts);
    loop = Optional.of(begun);
    begun.start();
  }

  /**
   * A pod shows nobody what its kubelet has mounted: so the new root must have been in its
   * ConfigMap for the spread before the operator shows a certificate of it.
   */
  @Override
  public List<Straggler> yetToAccept(Candidate candidate) {
    return loop.map(running -> running.yetToHold(candidate.root()))
        .orElseGet(() -> List.of(new Straggler("ConfigMaps", "They were not read yet.")));
  }

  /** They hold no certificate but roots. */
  @Override
  public Map<Elder, List<Straggler>> stillHolding(Collection<Elder> elders) {
    return Map.of();
  }

  @Override
  public synchronized void end() {
    loop.ifPresent(TrustMapLoop::close);
    loop = Optional.empty();
  }
}
