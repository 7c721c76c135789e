package dev.portcullis.operator.watch.outside;

import dev.portcullis.operator.identity.OutsideInspection;
import dev.portcullis.operator.identity.OutsideInspection.Faulty;
import dev.portcullis.operator.identity.OutsideInspection.Sound;
import dev.portcullis.operator.identity.OutsideInspector;
import dev.portcullis.operator.intent.Trust;
import dev.portcullis.operator.intent.Trust.Material;
import dev.portcullis.operator.intent.Trust.Revocation;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/**
 * Whether the Secrets of one trust can be trusted now. Anything but sound files closes its
 * entrance: half of what was meant may be the wrong half.
 *
 * @param readings of the namespace's Secrets, by name
 */
record TrustJudge(String namespace, Function<String, SecretReading> readings) {

  /**
   * A judgement, and how long it holds for the same files.
   *
   * @param files versions of the Secrets that it is about
   */
  record Verdict(Material material, String files, Instant until) {}

  /** Ends a judgement early. */
  private static final class Unfit extends Exception {

    private static final long serialVersionUID = 1;
    private final transient Material.Unusable why;

    Unfit(String reason, String message) {
      super(message, null, false, false);
      why = new Material.Unusable(reason, message);
    }
  }

  Verdict judge(Trust.Source source, Instant now) {
    try {
      var authorities = fileOf(source.authorities());
      var lists = source.revocations();
      return lists.isEmpty()
          ? verdict(source, OutsideInspector.inspect(authorities, Optional.empty(), now))
          : verdict(
              source, OutsideInspector.inspect(authorities, Optional.of(fileOf(lists.get())), now));
    } catch (Unfit unfit) {
      return new Verdict(unfit.why, files(source), Instant.MIN);
    } catch (RuntimeException unexpected) {
      var message = "%s cannot be read: %s".formatted(place(source.authorities()), unexpected);
      return new Verdict(new Material.Unusable("CaInvalid", message), files(source), Instant.MIN);
    }
  }

  /** Changes when a Secret does; an absent one has no version. */
  String files(Trust.Source source) {
    return version(source.authorities())
        + source.revocations().map(file -> " " + version(file)).orElse("");
  }

  private String version(Trust.File file) {
    return readings.apply(file.secret()) instanceof SecretReading.Found(var version, _)
        ? version
        : "-";
  }

  private byte[] fileOf(Trust.File file) throws Unfit {
    var secret = "Secret " + namespace + "/" + file.secret();
    return switch (readings.apply(file.secret())) {
      case SecretReading.Found found ->
          found
              .file(file.key())
              .orElseThrow(
                  () ->
                      new Unfit(
                          "KeyMissing", "%s has nothing under %s.".formatted(secret, file.key())));
      case SecretReading.Missing() -> throw new Unfit("SecretMissing", secret + " is not there.");
      case SecretReading.Forbidden() ->
          throw new Unfit(
              "Forbidden", "The operator may not read " + secret + ": grant it, by name.");
      case SecretReading.Unanswered(var message) ->
          throw new Unfit(
              "SecretUnreadable", "%s could not be read yet: %s".formatted(secret, message));
    };
  }

  private Verdict verdict(Trust.Source source, OutsideInspection inspection) {
    return switch (inspection) {
      case Sound sound ->
          new Verdict(
              new Material.Usable(sound.authorities(), revocation(sound)),
              files(source),
              sound.until());
      case Faulty(var fault, var message) ->
          new Verdict(
              new Material.Unusable(
                  fault.name(),
                  "%s %s."
                      .formatted(
                          place(
                              fault.isOfAuthorities()
                                  ? source.authorities()
                                  : source.revocations().orElseThrow()),
                          message)),
              files(source),
              Instant.MIN);
    };
  }

  private static Revocation revocation(Sound sound) {
    return switch (sound.reach()) {
      case NONE -> new Revocation.Unchecked();
      case LEAVES -> new Revocation.OfLeaves(sound.lists());
      case WHOLE_CHAINS -> new Revocation.OfWholeChains(sound.lists());
    };
  }

  private String place(Trust.File file) {
    return "Secret %s/%s, %s,".formatted(namespace, file.secret(), file.key());
  }
}
