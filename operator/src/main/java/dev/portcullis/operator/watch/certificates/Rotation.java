package dev.portcullis.operator.watch.certificates;

import dev.portcullis.operator.identity.CertificateAuthority;
import dev.portcullis.operator.identity.rotation.Facts;
import dev.portcullis.operator.identity.rotation.RotationMachine;
import dev.portcullis.operator.identity.rotation.RotationReport;
import dev.portcullis.operator.identity.rotation.Step;
import dev.portcullis.operator.identity.rotation.StepTaker;
import dev.portcullis.operator.identity.rotation.Succession;
import java.time.Clock;
import java.time.Instant;
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
  private final Clock clock;
  private String told = "";

  /** What it works with. */
  record Parts(
      CaStore store,
      RotationDesk desk,
      ProvidedSecret provided,
      Evidence evidence,
      StepTaker taker,
      CaEvents events,
      RotationMetrics metrics) {}

  Rotation(Parts parts, CertificateSettings settings, Clock clock) {
    this.parts = parts;
    this.settings = settings;
    this.clock = clock;
  }

  /** One round: at most one step. Its write wakes the next round by the Secret's watch. */
  void attend(CertificateAuthority signer, Succession kept) {
    var desk = parts.desk().read();
    var now = clock.instant();
    var provided = parts.provided().read(now);
    tell(provided);
    var facts =
        new Facts(
            now,
            RotationDesk.wishes(desk),
            parts.evidence().of(kept, now),
            signer.renewal(now),
            provided.authority(),
            settings.leafLifetime(),
            settings.rotation());
    switch (RotationMachine.next(kept, facts)) {
      case Step.Rest(var waiting) -> {
        var report = new RotationReport(kept, waiting);
        parts.metrics().show(report);
        var lines = new TreeMap<>(report.lines());
        lines.put("provided", provided.text());
        parts.desk().show(lines, desk);
      }
      case Step step -> take(kept, step, now);
    }
  }

  /** This replica leads no more. */
  void end() {
    parts.metrics().forget();
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
