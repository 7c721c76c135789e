package dev.portcullis.operator.identity.rotation;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.operator.identity.CaMint;
import dev.portcullis.operator.identity.CryptoProvider;
import dev.portcullis.operator.identity.ProvidedAuthority;
import dev.portcullis.operator.identity.ProvidedInspection;
import dev.portcullis.operator.identity.ProvidedInspector;
import dev.portcullis.operator.identity.Renewal;
import dev.portcullis.operator.identity.TrustBundle;
import dev.portcullis.operator.identity.TrustDomain;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A cluster on paper. Each round begins from the files alone, as after a crash, and does one write
 * at most.
 */
final class World {

  static final Instant START = Instant.parse("2026-11-22T12:00:00Z");
  static final Duration SPREAD = Duration.ofMinutes(5);
  static final Duration PATIENCE = Duration.ofMinutes(15);
  static final Straggler LATE = new Straggler("shop/orders-1", "It is late.");

  private static final TrustDomain DOMAIN = new TrustDomain("cluster.local");
  static final CaMint MINT = new CaMint(DOMAIN, CryptoProvider.fastest());

  private final StepTaker taker = new StepTaker(MINT);
  final List<Step> taken = new ArrayList<>();
  private Map<String, String> files;
  TrustBundle published;
  Instant now = START;
  Duration leafLifetime = Duration.ofHours(24);
  Renewal renewal = new Renewal.NotDue();
  Optional<ProvidedAuthority> provided = Optional.empty();
  List<Straggler> uptake = List.of();
  List<Straggler> holders = List.of();
  private final Map<Wish, String> texts = new EnumMap<>(Wish.class);
  private Wishes.Pace pace = Wishes.Pace.GOING;
  private Optional<Integer> rollBack = Optional.empty();
  private Optional<Integer> retireNow = Optional.empty();

  World() {
    keep(Succession.first(MINT.newAuthority(START), leafLifetime));
    published = kept().trustBundle();
  }

  static ProvidedAuthority usable(Map<String, byte[]> files) {
    return ((ProvidedInspection.Accepted) ProvidedInspector.inspect(files, DOMAIN, START))
        .authority();
  }

  Succession kept() {
    var bytes = new HashMap<String, byte[]>();
    files.forEach((name, text) -> bytes.put(name, text.getBytes(UTF_8)));
    return ((SuccessionInspection.Sound) SuccessionInspector.inspect(bytes)).succession();
  }

  void keep(Succession succession) {
    files = SuccessionFiles.write(succession);
  }

  World wish(Wish wish, String text) {
    texts.put(wish, text);
    return this;
  }

  World pause() {
    pace = Wishes.Pace.PAUSED;
    return this;
  }

  World resume() {
    pace = Wishes.Pace.GOING;
    return this;
  }

  World rollBack(int generation) {
    rollBack = Optional.of(generation);
    return this;
  }

  World retireNow(int generation) {
    retireNow = Optional.of(generation);
    return this;
  }

  World later(Duration time) {
    now = now.plus(time);
    return this;
  }

  /** One round: the decision, and its write. */
  Step round() {
    var kept = kept();
    var step = RotationMachine.next(kept, facts(kept));
    keep(taker.after(kept, step, now));
    if (!(step instanceof Step.Rest)) {
      taken.add(step);
    }
    return step;
  }

  /** Rounds until nothing is to be written; whoever publishes does so in between. */
  Step.Waiting settle() {
    for (var i = 0; i < 20; i++) {
      if (round() instanceof Step.Rest(var waiting)) {
        if (published.equals(kept().trustBundle())) {
          return waiting;
        }
        published = kept().trustBundle();
      }
    }
    throw new AssertionError("it never rests: " + taken);
  }

  /** The kinds of the steps taken so far. */
  List<String> steps() {
    return taken.stream().map(step -> step.getClass().getSimpleName()).toList();
  }

  private Facts facts(Succession kept) {
    var unpublished =
        published.holdsAllOf(kept.trustBundle())
            ? List.<Straggler>of()
            : List.of(new Straggler("bundle", "It is not published."));
    var held = new HashMap<Integer, List<Straggler>>();
    kept.elders().forEach(elder -> held.put(elder.number(), holders));
    return new Facts(
        now,
        new Wishes(texts, pace, rollBack, retireNow),
        new Facts.Evidence(unpublished, uptake, held),
        renewal,
        provided,
        leafLifetime,
        new Timing(SPREAD, PATIENCE));
  }
}
