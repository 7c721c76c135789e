package dev.portcullis.operator.watch.certificates;

import dev.portcullis.operator.identity.CertificateAuthority;
import dev.portcullis.operator.identity.CryptoProvider;
import dev.portcullis.operator.identity.Issuance;
import dev.portcullis.operator.identity.ServerCredentials;
import dev.portcullis.operator.identity.rotation.Elder;
import dev.portcullis.operator.identity.rotation.Facts;
import dev.portcullis.operator.identity.rotation.Generation;
import dev.portcullis.operator.identity.rotation.Heir;
import dev.portcullis.operator.identity.rotation.Straggler;
import dev.portcullis.operator.identity.rotation.Succession;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Asks the witnesses what the present state of a rotation needs to know, and no more. */
final class Evidence {

  private final CertificateSettings settings;
  private final CryptoProvider crypto;
  private final CaWatch watch;
  private final List<Witness> witnesses;
  private Optional<Answer> answer = Optional.empty();

  /** Who held certificates of which elder, and when that was asked. */
  private record Answer(int current, Instant at, Map<Integer, List<Straggler>> holders) {

    /** Never negative: a clock that goes back makes no answer fresh. */
    Duration age(Instant now) {
      return Duration.between(at, now).abs();
    }
  }

  Evidence(
      CertificateSettings settings, CryptoProvider crypto, CaWatch watch, List<Witness> witnesses) {
    this.settings = settings;
    this.crypto = crypto;
    this.watch = watch;
    this.witnesses = witnesses;
  }

  Facts.Evidence of(Succession kept, Instant now) {
    var unpublished = kept.heir().map(heir -> unpublished(kept)).orElse(List.of());
    var uptake =
        kept.heir()
            .filter(heir -> unpublished.isEmpty())
            .filter(heir -> heir.distributed().isPresent())
            .map(heir -> uptake(kept, heir, now))
            .orElse(List.of());
    return new Facts.Evidence(unpublished, uptake, holders(kept, now));
  }

  private List<Straggler> unpublished(Succession kept) {
    return watch.publishedRoots().filter(roots -> roots.holdsAllOf(kept.trustBundle())).isPresent()
        ? List.of()
        : List.of(new Straggler(watch.publishedAs(), "It does not hold the new root yet."));
  }

  private List<Straggler> uptake(Succession kept, Heir heir, Instant now) {
    var authority = authority(heir.generation(), kept);
    var credentials = new ServerCredentials(settings.server(), crypto);
    return switch (credentials.renewIfDue(authority, now).orElseThrow()) {
      case Issuance.Refused(String reason) ->
          List.of(new Straggler("the new CA", "It cannot sign: " + reason + "."));
      case Issuance.Issued issued ->
          ask(new Witness.Candidate(authority.root(), authority.issuer(), credentials));
    };
  }

  private List<Straggler> ask(Witness.Candidate candidate) {
    return witnesses.stream().flatMap(w -> w.yetToAccept(candidate).stream()).toList();
  }

  private CertificateAuthority authority(Generation generation, Succession kept) {
    return new CertificateAuthority(
        generation.material(), kept.trustBundle(), settings.trustDomain(), crypto);
  }

  /** Everyone is asked anew each time, but not at every round. */
  private Map<Integer, List<Straggler>> holders(Succession kept, Instant now) {
    var numbers = kept.elders().stream().map(Elder::number).toList();
    var current = kept.current().number();
    var fresh = settings.rotation().betweenQuestions();
    var known =
        answer
            .filter(it -> it.current == current && it.age(now).compareTo(fresh) < 0)
            .filter(it -> it.holders.keySet().containsAll(numbers));
    var valid = known.orElseGet(() -> new Answer(current, now, ask(kept.elders())));
    answer = Optional.of(valid);
    return valid.holders;
  }

  private Map<Integer, List<Straggler>> ask(List<Elder> elders) {
    var answers =
        elders.isEmpty()
            ? List.<Map<Elder, List<Straggler>>>of()
            : witnesses.stream().map(witness -> witness.stillHolding(elders)).toList();
    return elders.stream()
        .collect(
            Collectors.toMap(
                Elder::number,
                elder ->
                    answers.stream()
                        .flatMap(told -> told.getOrDefault(elder, List.of()).stream())
                        .toList()));
  }
}
