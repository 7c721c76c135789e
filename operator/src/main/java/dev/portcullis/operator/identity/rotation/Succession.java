package dev.portcullis.operator.identity.rotation;

import dev.portcullis.operator.identity.CaMaterial;
import dev.portcullis.operator.identity.TrustBundle;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All that is kept about the CA, as one value, so that it can be written at once: who signs, who
 * will, who did.
 *
 * @param elders oldest first
 */
public record Succession(
    Generation current, Standing standing, Optional<Heir> heir, List<Elder> elders, Ledger ledger) {

  public Succession {
    elders = List.copyOf(elders);
  }

  /** That of an authority without a past. */
  public static Succession first(CaMaterial material, Duration longestLeaf) {
    return new Succession(
        new Generation(1, material),
        Standing.TRUSTED,
        Optional.empty(),
        List.of(),
        Ledger.first(longestLeaf));
  }

  /** Every root that somebody may have to trust; the order says nothing and never changes. */
  public TrustBundle trustBundle() {
    return TrustBundle.sorted(roots().toList());
  }

  /** The elder that the last rotation has replaced, while that can be taken back. */
  public Optional<Elder> revivable() {
    return elders.stream().filter(elder -> elder.material().isPresent()).findFirst();
  }

  private Stream<X509Certificate> roots() {
    return Stream.of(
            Stream.of(current.material().root().certificate()),
            heir.stream().map(next -> next.generation().material().root().certificate()),
            elders.stream().map(elder -> elder.certificates().root()))
        .flatMap(roots -> roots);
  }
}
