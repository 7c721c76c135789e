package dev.portcullis.operator.watch.certificates;

import dev.portcullis.operator.identity.CertificateAuthority;
import dev.portcullis.operator.identity.rotation.Facts;
import dev.portcullis.operator.identity.rotation.RotationMachine;
import dev.portcullis.operator.identity.rotation.RotationReport;
import dev.portcullis.operator.identity.rotation.Step;
import dev.portcullis.operator.identity.rotation.StepTaker;
import dev.portcullis.operator.identity.rotation.Succession;
import dev.portcullis.operator.identity.rotation.Wishes;
import dev.portcullis.operator.status.Validity;
import dev.portcullis.operator.watch.time.Timepiece;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the CA's rotation one step further at a time: observes, asks the machine, writes one
 * Secret, tells. Runs on the leader; holds nothing that a restart could lose.
 */
final class Rotation {

  private static final Logger LOG = LoggerFactory.getLogger(Rotation.class);

  private final Parts parts;
  private final CertificateSettings settings;
  private final Timepiece clock;
  private String told = "";
  private Optional<String> doubted = Optional.empty();
  private volatile Optional<Validity> provided = Optional.empty();

  /** What it works with. */
  record Parts(
      CaStore store,
      RotationDesk desk,
      ProvidedSecret provided,
      Evidence evidence,
      StepTaker taker,
      CaEvents events,
      RotationMetrics metrics,
      ExpiryWatch expiries) {}

  Rotation(Parts parts, CertificateSettings settings, Timepiece clock) {
    this.parts = parts;
    this.settings = settings;
    this.clock = clock;
  }

  /** One round: at most one step. Its write wakes the next round by the Secret's watch. */
  void attend(CertificateAuthority signer, Succession kept) {
    var desk = parts.desk().read();
    var now = clock.instant();
    var brought = parts.provided().read(now);
    tell(brought);
    switch (next(new Round(now, signer, kept, RotationDesk.wishes(desk), brought))) {
      case Step.Rest(var waiting) -> {
        var report = new RotationReport(kept, waiting);
        parts.metrics().show(report);
        var lines = new TreeMap<>(report.lines());
        lines.put("provided", brought.text());
        lines.put("expiring", parts.expiries().text(now));
        parts.desk().show(lines, desk);
      }
      case Step step -> take(kept, step, now);
    }
  }

  private record Round(
      Instant now,
      CertificateAuthority signer,
      Succession kept,
      Wishes wishes,
      ProvidedSecret.Found brought) {}

  /** Almost every step waits for a moment, and the last of them cannot be undone. */
  private Step next(Round round) {
    var doubt = clock.doubt();
    tell(doubt);
    return doubt
        .<Step>map(why -> new Step.Rest(new Step.Waiting.Clock(why)))
        .orElseGet(() -> RotationMachine.next(round.kept, facts(round)));
  }

  private Facts facts(Round round) {
    return new Facts(
        round.now,
        round.wishes,
        parts.evidence().of(round.kept, round.now),
        round.signer.renewal(round.now),
        round.brought.authority(),
        settings.leafLifetime(),
        settings.rotation());
  }

  /** There is nothing to rotate; says so where people look for it, beside what was known last. */
  void explain(CaState state) {
    parts.metrics().forget();
    var desk = parts.desk().read();
    var lines = new TreeMap<>(desk.map(ConfigMap::getData).orElse(Map.of()));
    lines.put("phase", "OutOfOrder");
    lines.put("message", state.message());
    parts.desk().show(lines, desk);
  }

  /** The certificate that people bring, as it was read last. */
  Optional<Validity> provided() {
    return provided;
  }

  private void tell(Optional<String> doubt) {
    doubt
        .filter(why -> doubted.isEmpty())
        .ifPresent(
            why -> {
              LOG.warn("no step of a rotation is taken: {}", why);
              parts.events().tell(new StepNews("Warning", "ClockDoubted", why));
            });
    doubted = doubt;
  }

  /** This replica leads no more. */
  void end() {
    parts.metrics().forget();
    provided = Optional.empty();
  }

  /**
   * The first authority, from what people bring; nothing is made while that cannot be used.
   *
   * @return empty if people bring none, or one that cannot be used
   */
  Optional<Succession> first() {
    var now = clock.instant();
    var provided = parts.provided().read(now);
    tell(provided);
    return provided
        .authority()
        .map(authority -> parts.taker().first(authority, settings.leafLifetime(), now));
  }

  private void tell(ProvidedSecret.Found found) {
    if (found instanceof ProvidedSecret.Found.Unusable(String message)
        && !found.text().equals(told)) {
      LOG.warn("{}", message);
      parts.events().tell(new StepNews("Warning", "ProvidedAuthorityRefused", message));
    }
    told = found.text();
    provided = found.validity();
  }

  private void take(Succession kept, Step step, Instant now) {
    var after = parts.taker().after(kept, step, now);
    if (!parts.store().replace(kept, after)) {
      LOG.debug("the CA's Secret has changed meanwhile: looking again");
      return;
    }
    StepNews.of(step, after)
        .ifPresent(
            news -> {
              LOG.info("{}", news.note());
              parts.metrics().taken(news.reason());
              parts.events().tell(news);
            });
  }
}
