package dev.portcullis.operator.xds;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one pod's proxy took and refused of its group's offer. Outlives its streams, so that a
 * refused set is not sent again on the next one.
 *
 * <p>A proxy runs the newest set that it takes, whole: another proxy's word neither holds it back
 * nor forces it. A refusal holds as long as what was refused is the newest.
 */
final class ProxyHistory {

  private record Refused(ResourceSet set, Refusal refusal) {}

  // Guarded by this: a pod's streams may overlap.
  private final List<Refused> refused = new ArrayList<>(0);
  private Optional<Offer> offer = Optional.empty();
  private Optional<ResourceSet> lastGood = Optional.empty();

  /**
   * Of an offer, the newest that the proxy did not refuse: the newest set, what the proxy itself
   * took last, what another took before. Empty when it refused them all: then it keeps what it has.
   */
  synchronized Optional<ResourceSet> choose(Offer now) {
    follow(now);
    if (refused.isEmpty()) {
      return Optional.of(now.newest());
    }
    return List.of(Optional.of(now.newest()), lastGood, now.previous()).stream()
        .flatMap(Optional::stream)
        .filter(set -> refusal(set).isEmpty())
        .findFirst();
  }

  private void follow(Offer now) {
    if (offer.isPresent() && offer.get() == now) {
      return;
    }
    if (offer.filter(before -> before.lineage() == now.lineage()).isEmpty()) {
      lastGood = Optional.empty();
      refused.clear();
    } else if (!offer.get().newest().equals(now.newest())) {
      refused.clear();
    }
    offer = Optional.of(now);
  }

  synchronized void acknowledged(ResourceSet set) {
    if (lastGood.filter(before -> before == set).isEmpty()) {
      lastGood = Optional.of(set);
    }
  }

  synchronized void refuse(ResourceSet set, Refusal refusal) {
    refused.add(new Refused(set, refusal));
  }

  /** What the proxy said against exactly this set. */
  synchronized Optional<Refusal> refusal(ResourceSet set) {
    return refused.stream()
        .filter(each -> each.set().equals(set))
        .findFirst()
        .map(Refused::refusal);
  }

  /** The proxy starts anew and may take what it refused. */
  synchronized void forgetRefusals() {
    refused.clear();
  }
}
