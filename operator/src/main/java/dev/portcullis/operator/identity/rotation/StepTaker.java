package dev.portcullis.operator.identity.rotation;

import dev.portcullis.operator.identity.CaMaterial;
import dev.portcullis.operator.identity.CaMint;
import dev.portcullis.operator.identity.ProvidedAuthority;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A step -> what is to be kept after it. Makes keys, writes nothing. */
public final class StepTaker {

  /** After a rotation was taken back, the schedule gives people this long to find out why. */
  static final Duration REST = Duration.ofDays(1);

  /** Another replica may sign with the old CA until its watch has caught up. */
  private static final Duration LATE_SIGNATURES = Duration.ofMinutes(15);

  private final CaMint mint;

  public StepTaker(CaMint mint) {
    this.mint = mint;
  }

  /** An authority without a past, from what people brought. */
  public Succession first(ProvidedAuthority provided, Duration longestLeaf, Instant now) {
    var first = Succession.first(provided.material(mint, now), longestLeaf);
    var ledger = first.ledger().granting(Wish.ADOPT, provided.fingerprint());
    return with(first, ledger, Optional.empty());
  }

  /** Equal to {@code kept} exactly if there is nothing to write. */
  public Succession after(Succession kept, Step step, Instant now) {
    return switch (step) {
      case Step.Rest rest -> kept;
      case Step.NoteLifetime(var longest) ->
          with(kept, kept.ledger().withLongestLeaf(longest), kept.heir());
      case Step.Prepare prepare -> prepared(kept, prepare, now);
      case Step.Adopt adopt -> adopted(kept, adopt, now);
      case Step.MarkDistributed mark ->
          with(kept, kept.ledger(), kept.heir().map(heir -> heir.distributedAt(now)));
      case Step.Switch ignored -> switched(kept, now);
      case Step.Retire retire -> retired(kept, retire);
      case Step.Cut cut -> with(kept, kept.ledger().cut(), kept.heir());
      case Step.Abandon abandon -> with(kept, resting(kept, now), Optional.empty());
      case Step.Revive revive -> revived(kept, revive.number(), now);
      case Step.Distrust(var wish) -> distrusted(kept, wish, now);
    };
  }

  private Succession prepared(Succession kept, Step.Prepare prepare, Instant now) {
    var material =
        switch (prepare.kind()) {
          case ISSUING -> underSameRoot(kept, now);
          case ROOT -> mint.newAuthority(now);
        };
    return prepared(kept, material, prepare, now);
  }

  private CaMaterial underSameRoot(Succession kept, Instant now) {
    var root = kept.current().material().root().pair().orElseThrow();
    return CaMaterial.of(root, mint.newIssuing(root, now));
  }

  private Succession adopted(Succession kept, Step.Adopt adopt, Instant now) {
    var prepare = new Step.Prepare(adopt.kind(), Cause.ASKED, Optional.of(adopt.wish()));
    return prepared(kept, adopt.authority().material(mint, now), prepare, now);
  }

  private static Succession prepared(
      Succession kept, CaMaterial material, Step.Prepare prepare, Instant now) {
    var ledger = kept.ledger().withNextNumber();
    var granted = prepare.wish().map(w -> ledger.granting(w.wish(), w.text())).orElse(ledger);
    return with(kept, granted, heir(granted, material, prepare, now));
  }

  private static Optional<Heir> heir(
      Ledger ledger, CaMaterial material, Step.Prepare prepare, Instant now) {
    var generation = new Generation(ledger.lastNumber(), material);
    return Optional.of(
        new Heir(generation, prepare.kind(), prepare.cause(), now, Optional.empty()));
  }

  private static Succession switched(Succession kept, Instant now) {
    var heir = kept.heir().orElseThrow();
    var elders = new ArrayList<>(kept.elders().stream().map(Elder::withoutKeys).toList());
    elders.add(elder(kept, now));
    return new Succession(
        heir.generation(), Standing.TRUSTED, Optional.empty(), elders, kept.ledger());
  }

  private static Elder elder(Succession kept, Instant now) {
    var material = kept.current().material();
    var issuingEnds = material.issuing().certificate().getNotAfter().toInstant();
    var longest = now.plus(kept.ledger().longestLeaf()).plus(LATE_SIGNATURES);
    return new Elder(
        kept.current().number(),
        Elder.Certificates.of(material),
        keysOf(kept),
        now,
        longest.isBefore(issuingEnds) ? longest : issuingEnds,
        kept.standing());
  }

  private static Optional<CaMaterial> keysOf(Succession kept) {
    return switch (kept.standing()) {
      case TRUSTED -> Optional.of(kept.current().material());
      case TAINTED -> Optional.empty();
    };
  }

  /** While its root is trusted for another CA's sake, cutting would keep nobody out. */
  private static Succession retired(Succession kept, Step.Retire retire) {
    var left = retired(kept, retire.number());
    return retire
        .cut()
        .filter(due -> !left.trustBundle().holdsAllOf(kept.trustBundle()))
        .map(due -> with(left, left.ledger().cuttingAt(due), left.heir()))
        .orElse(left);
  }

  private static Succession retired(Succession kept, int number) {
    return new Succession(
        kept.current(),
        kept.standing(),
        kept.heir(),
        kept.elders().stream().filter(elder -> elder.number() != number).toList(),
        kept.ledger());
  }

  /** It has been trusted all the time, so its root counts as distributed since it was replaced. */
  private static Succession revived(Succession kept, int number, Instant now) {
    var elder = kept.elders().stream().filter(e -> e.number() == number).findFirst().orElseThrow();
    var material = elder.material().orElseThrow();
    var ledger = resting(kept, now).withNextNumber();
    var heir =
        new Heir(
            new Generation(ledger.lastNumber(), material),
            kindOf(kept, elder),
            Cause.ROLL_BACK,
            now,
            Optional.of(elder.replaced()));
    return with(retired(kept, number), ledger, Optional.of(heir));
  }

  private static Kind kindOf(Succession kept, Elder elder) {
    var root = kept.current().material().root().certificate();
    return root.equals(elder.certificates().root()) ? Kind.ISSUING : Kind.ROOT;
  }

  private Succession distrusted(Succession kept, Step.Granted wish, Instant now) {
    var tainted =
        new Succession(
            kept.current(),
            Standing.TAINTED,
            Optional.empty(),
            each(kept.elders(), Elder::tainted),
            kept.ledger());
    return prepared(tainted, new Step.Prepare(Kind.ROOT, Cause.DISTRUST, Optional.of(wish)), now);
  }

  private static Ledger resting(Succession kept, Instant now) {
    return kept.ledger().restingUntil(now.plus(REST));
  }

  private static List<Elder> each(List<Elder> elders, UnaryOperator<Elder> change) {
    return elders.stream().map(change).toList();
  }

  private static Succession with(Succession kept, Ledger ledger, Optional<Heir> heir) {
    return new Succession(kept.current(), kept.standing(), heir, kept.elders(), ledger);
  }
}
