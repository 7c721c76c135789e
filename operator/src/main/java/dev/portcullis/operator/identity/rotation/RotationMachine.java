package dev.portcullis.operator.identity.rotation;

import dev.portcullis.operator.identity.ProvidedAuthority;
import dev.portcullis.operator.identity.Renewal;
import dev.portcullis.operator.identity.rotation.Step.Granted;
import dev.portcullis.operator.identity.rotation.Step.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The one arrow: what is kept, and what was observed -> the next step. The same input gives the
 * same step, so whoever takes over after a crash goes on where the last write was.
 */
public final class RotationMachine {

  /** As many replaced roots as can be trusted at once; each costs every handshake a little. */
  static final int MOST_ELDERS = 16;

  private final Succession kept;
  private final Facts facts;

  private RotationMachine(Succession kept, Facts facts) {
    this.kept = kept;
    this.facts = facts;
  }

  /** The first of these that has something to do; what a person wants comes first. */
  public static Step next(Succession kept, Facts facts) {
    var machine = new RotationMachine(kept, facts);
    return Stream.<Supplier<Optional<Step>>>of(
            machine::noteLifetime,
            machine::pause,
            machine::distrust,
            machine::rollBack,
            machine::cut,
            machine::retire,
            machine::advance,
            machine::begin)
        .flatMap(duty -> duty.get().stream())
        .findFirst()
        .orElseGet(() -> new Step.Rest(machine.release()));
  }

  private Optional<Step> noteLifetime() {
    return facts.leafLifetime().compareTo(kept.ledger().longestLeaf()) > 0
        ? Optional.of(new Step.NoteLifetime(facts.leafLifetime()))
        : Optional.empty();
  }

  private Optional<Step> pause() {
    return switch (facts.wishes().pace()) {
      case GOING -> Optional.empty();
      case PAUSED -> Optional.of(new Step.Rest(new Waiting.Resumption()));
    };
  }

  private Optional<Step> distrust() {
    return granted(Wish.DISTRUST).map(Step.Distrust::new);
  }

  /** Only the newest rotation can be taken back, and only to a CA that is not tainted. */
  private Optional<Step> rollBack() {
    var wanted = facts.wishes().rollBack();
    if (wanted.isEmpty() || kept.standing() == Standing.TAINTED) {
      return Optional.empty();
    }
    if (kept.heir().isPresent()) {
      return kept.heir()
          .filter(heir -> wanted.get() == heir.generation().number())
          .map(heir -> new Step.Abandon());
    }
    return kept.revivable()
        .filter(elder -> wanted.get() == kept.current().number())
        .map(elder -> new Step.Revive(elder.number()));
  }

  private Optional<Step> retire() {
    return kept.elders().stream().flatMap(elder -> retire(elder).stream()).findFirst();
  }

  private Optional<Step> retire(Elder elder) {
    var holders = Optional.ofNullable(facts.evidence().holders().get(elder.number()));
    var settled = !facts.now().isBefore(elder.replaced().plus(facts.timing().spread()));
    var released = settled && holders.filter(List::isEmpty).isPresent();
    var outlived = !facts.now().isBefore(elder.lastLeafEnds());
    var ordered = facts.wishes().retireNow().filter(n -> n == elder.number()).isPresent();
    var isForced = elder.standing() == Standing.TAINTED || !released && !outlived;
    return released || outlived || ordered
        ? Optional.of(
            new Step.Retire(
                elder.number(),
                holders.orElse(List.of()),
                Optional.of(facts.now().plus(facts.timing().spread())).filter(due -> isForced)))
        : Optional.empty();
  }

  /** Earlier, a caller could come back in by a gate that still knows the root. */
  private Optional<Step> cut() {
    return kept.ledger()
        .nextCut()
        .filter(due -> !facts.now().isBefore(due))
        .map(due -> new Step.Cut());
  }

  private Optional<Step> advance() {
    return kept.heir().map(this::advance);
  }

  private Step advance(Heir heir) {
    if (!facts.evidence().unpublished().isEmpty()) {
      return new Step.Rest(new Waiting.Publication(facts.evidence().unpublished()));
    }
    if (heir.distributed().isEmpty()) {
      return new Step.MarkDistributed();
    }
    var since = heir.distributed().get();
    var spread = since.plus(spread(heir));
    if (facts.now().isBefore(spread)) {
      return new Step.Rest(new Waiting.Spread(spread));
    }
    var stragglers = facts.evidence().uptake();
    return stragglers.isEmpty() || isOutOfPatience(heir, since)
        ? new Step.Switch(stragglers)
        : new Step.Rest(new Waiting.Uptake(stragglers));
  }

  /** A root that is trusted already needs no time to spread. */
  private Duration spread(Heir heir) {
    return switch (heir.kind()) {
      case ISSUING -> Duration.ZERO;
      case ROOT ->
          switch (heir.cause()) {
            case ROLL_BACK -> Duration.ZERO;
            case SCHEDULED, ASKED, URGENT, DISTRUST -> facts.timing().spread();
          };
    };
  }

  private boolean isOutOfPatience(Heir heir, Instant since) {
    return switch (heir.cause()) {
      case SCHEDULED, ASKED, ROLL_BACK -> false;
      case URGENT -> true;
      case DISTRUST -> !facts.now().isBefore(since.plus(facts.timing().patience()));
    };
  }

  private Optional<Step> begin() {
    if (kept.heir().isPresent() || kept.elders().size() >= MOST_ELDERS) {
      return Optional.empty();
    }
    return brought()
        .or(() -> asked(Wish.ROTATE_ROOT, Kind.ROOT))
        .or(() -> asked(Wish.ROTATE_ISSUING, Kind.ISSUING).filter(step -> holdsRootKey()))
        .or(this::scheduled);
  }

  private Optional<Step> brought() {
    return facts
        .provided()
        .filter(brought -> !brought.fingerprint().equals(kept.ledger().granted().get(Wish.ADOPT)))
        .map(
            brought ->
                new Step.Adopt(
                    brought, kindOf(brought), new Granted(Wish.ADOPT, brought.fingerprint())));
  }

  private Kind kindOf(ProvidedAuthority brought) {
    var root = kept.current().material().root().certificate();
    return root.equals(brought.root()) ? Kind.ISSUING : Kind.ROOT;
  }

  /** Where it is kept elsewhere, issuing CAs are brought. */
  private boolean holdsRootKey() {
    return kept.current().material().root().key().isPresent();
  }

  private Optional<Step> asked(Wish wish, Kind kind) {
    return granted(wish).map(granted -> new Step.Prepare(kind, Cause.ASKED, Optional.of(granted)));
  }

  private Optional<Step> scheduled() {
    return switch (facts.renewal()) {
      case Renewal.NotDue notDue -> Optional.empty();
      case Renewal.Due due when isResting() -> Optional.empty();
      case Renewal.Due due -> issuing(Cause.SCHEDULED);
      case Renewal.Overdue overdue -> issuing(Cause.URGENT);
    };
  }

  private static Optional<Step> issuing(Cause cause) {
    return Optional.of(new Step.Prepare(Kind.ISSUING, cause, Optional.empty()));
  }

  private boolean isResting() {
    return kept.ledger().restUntil().filter(facts.now()::isBefore).isPresent();
  }

  private Optional<Granted> granted(Wish wish) {
    return facts.wishes().open(wish, kept.ledger()).map(text -> new Granted(wish, text));
  }

  private Waiting release() {
    return kept.elders().stream()
        .findFirst()
        .<Waiting>map(
            elder ->
                new Waiting.Release(
                    elder.number(),
                    elder.lastLeafEnds(),
                    facts.evidence().holders().getOrDefault(elder.number(), List.of())))
        .orElseGet(Waiting.Nothing::new);
  }
}
