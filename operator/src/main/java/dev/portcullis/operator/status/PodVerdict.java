package dev.portcullis.operator.status;

import dev.portcullis.operator.xds.Delivery;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What one pod's facts amount to. Reasons are stable words: users alert on them.
 *
 * @param shortfall why the pod is not enforced; empty when it is
 */
record PodVerdict(
    PodFacts facts, Stage stage, Optional<Shortcoming> shortfall, Optional<Validity> certificate) {

  private static final String REVOKING = "Revoking";

  /** How far a pod has come. Each stage holds the ones before it. */
  enum Stage {
    SELECTED,
    INJECTED,
    PROGRAMMED,
    ENFORCED
  }

  /** A reason and a sentence. */
  record Shortcoming(String reason, String message) {
    Shortcoming {
      message = Sentence.bounded(message);
    }
  }

  boolean reached(Stage wanted) {
    return stage.compareTo(wanted) >= 0;
  }

  /** As it was measured last. */
  Optional<String> servedVersion() {
    return servedVersion(facts);
  }

  static PodVerdict of(PodFacts facts, Instant now) {
    return switch (facts.gate()) {
      case PodFacts.Gate.Missing(var why) -> at(facts, Stage.SELECTED, "NotInjected", why);
      case PodFacts.Gate.Starting() ->
          at(facts, Stage.INJECTED, "Starting", "The pod's sidecar has not started yet.");
      case PodFacts.Gate.Running(var version) -> judge(facts, version, now);
      case PodFacts.Gate.CaptureDiffers(var running, var wanted, var version) ->
          captureDiffers(judge(facts, version, now), running, wanted);
    };
  }

  private static PodVerdict captureDiffers(PodVerdict otherwise, String running, String wanted) {
    return otherwise.reached(Stage.ENFORCED)
        ? new PodVerdict(
            otherwise.facts,
            Stage.PROGRAMMED,
            Optional.of(
                new Shortcoming(
                    "CaptureDiffers",
                    "The pod was injected with capture %s, the policy now says %s: recreate it."
                        .formatted(running, wanted))),
            otherwise.certificate)
        : otherwise;
  }

  private static PodVerdict judge(PodFacts facts, String version, Instant now) {
    if (facts.delivery() instanceof Delivery.Refused refused) {
      return at(facts, Stage.INJECTED, "Rejected", refused.resource() + ": " + refused.message());
    }
    if (version == null) {
      return at(
          facts,
          Stage.INJECTED,
          "NotProgrammed",
          "No configuration was ever accepted for the pod.");
    }
    if (!programmed(facts, version)) {
      return at(facts, Stage.INJECTED, "NotProgrammed", running(facts));
    }
    return measure(facts, version, now);
  }

  private static boolean programmed(PodFacts facts, String version) {
    return Objects.equals(version, servedVersion(facts).orElse(null))
        || facts.delivery() instanceof Delivery.Acknowledged(var acknowledged)
            && acknowledged.equals(version);
  }

  private static PodVerdict measure(PodFacts facts, String version, Instant now) {
    return switch (facts.reading()) {
      case PodFacts.Reading.NotTaken() ->
          at(facts, Stage.PROGRAMMED, "NotMeasured", "The gate was not measured yet.");
      case PodFacts.Reading.Unreachable(var why) ->
          at(facts, Stage.PROGRAMMED, "NotReachable", why);
      case PodFacts.Reading.OpenBeside(var served, var certificate, var why) ->
          at(facts, Stage.PROGRAMMED, "AppPortOpen", why);
      case PodFacts.Reading.Served(var served, var certificate) when !served.equals(version) ->
          at(facts, Stage.PROGRAMMED, "NotServed", running(facts));
      case PodFacts.Reading.Served(var served, var certificate)
          when !certificate.until().isAfter(now) ->
          expired(facts);
      case PodFacts.Reading.Expired() -> expired(facts);
      case PodFacts.Reading.Served(var served, var certificate) -> cut(facts, certificate);
    };
  }

  private static PodVerdict cut(PodFacts facts, Validity certificate) {
    return switch (facts.cut()) {
      case PodFacts.Cut.Done() ->
          new PodVerdict(facts, Stage.ENFORCED, Optional.empty(), Optional.of(certificate));
      case PodFacts.Cut.Pending() ->
          at(
              facts,
              Stage.PROGRAMMED,
              REVOKING,
              "Connections from before the last revocation are about to be told to close.");
      case PodFacts.Cut.Until(var end) ->
          at(
              facts,
              Stage.PROGRAMMED,
              REVOKING,
              "Connections from before the last revocation are closing; what is left is cut at %s."
                  .formatted(end));
    };
  }

  private static PodVerdict expired(PodFacts facts) {
    return at(
        facts,
        Stage.PROGRAMMED,
        "CertificateExpired",
        "The certificate that the pod serves has expired.");
  }

  private static PodVerdict at(PodFacts facts, Stage stage, String reason, String message) {
    return new PodVerdict(
        facts, stage, Optional.of(new Shortcoming(reason, message)), facts.reading().shown());
  }

  private static String running(PodFacts facts) {
    return servedVersion(facts)
        .map(version -> "The pod still serves the configuration of version " + version + ".")
        .orElse("The pod has not acknowledged the configuration yet.");
  }

  private static Optional<String> servedVersion(PodFacts facts) {
    return switch (facts.reading()) {
      case PodFacts.Reading.Served(var version, var certificate) -> Optional.of(version);
      case PodFacts.Reading.OpenBeside(var version, var certificate, var why) ->
          Optional.of(version);
      case PodFacts.Reading.NotTaken() -> Optional.empty();
      case PodFacts.Reading.Expired() -> Optional.empty();
      case PodFacts.Reading.Unreachable(var why) -> Optional.empty();
    };
  }
}
