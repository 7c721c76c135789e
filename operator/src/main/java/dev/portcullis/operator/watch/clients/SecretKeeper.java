package dev.portcullis.operator.watch.clients;

import dev.portcullis.api.v1alpha1.ApiClientCertificate;
import dev.portcullis.operator.identity.HeldLeaf;
import dev.portcullis.operator.identity.LeafFiles;
import dev.portcullis.operator.identity.LeafRenewal;
import dev.portcullis.operator.identity.LeafWish;
import dev.portcullis.operator.identity.TrustBundle;
import dev.portcullis.operator.watch.certificates.CertificateService;
import dev.portcullis.operator.watch.certificates.CertificateSettings;
import dev.portcullis.operator.watch.certificates.IssueQuota;
import dev.portcullis.operator.watch.clients.ClientSecrets.Found;
import dev.portcullis.operator.watch.clients.Outcome.Hindrance;
import dev.portcullis.operator.watch.time.Timepiece;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps the Secret of one object as it should be. A certificate that was signed and could not be
 * written is kept in memory for the next attempt: writes that fail sign nothing new. For one
 * thread.
 */
final class SecretKeeper {

  /** Renewals at half of a life, over all objects, within a minute. */
  static final int HALF_LIVES = 60;

  private final ClientSecrets secrets;
  private final ClientIssuer issuer;
  private final CertificateService certificates;
  private final CertificateSettings settings;
  private final Timepiece clock;
  private final IssuePace pace;
  private final IssueQuota halfLives;
  private final Map<String, LeafFiles> unwritten = new HashMap<>();

  SecretKeeper(ClientCertificates.Parts parts) {
    this.secrets = new ClientSecrets(parts.client());
    this.certificates = parts.certificates();
    this.settings = parts.settings();
    this.clock = parts.clock();
    this.pace = new IssuePace(parts.clock()::nanos);
    this.halfLives = new IssueQuota(HALF_LIVES, Duration.ofMinutes(1), parts.clock()::nanos);
    this.issuer = new ClientIssuer(parts, pace);
  }

  /** One look; writes the Secret at most once. */
  Outcome look(ApiClientCertificate object) {
    var wish = ClientWish.of(object, settings);
    if (wish.spiffeId().equals(settings.server().spiffeId())) {
      return new Outcome.Withheld(
          Optional.empty(),
          Hindrance.IdentityReserved,
          "This identity is the operator's own, and never given away.");
    }
    try {
      return look(new Subject(object, wish, secrets.read(object)));
    } catch (KubernetesClientException e) {
      return afterFailedRead(e);
    }
  }

  void forget(String uid) {
    unwritten.remove(uid);
    pace.forget(uid);
  }

  private Outcome look(Subject subject) {
    return switch (subject.found()) {
      case Found.Foreign(String reason) ->
          subject.withheld(
              Hindrance.SecretNotOwned,
              "Secret %s %s, and is left alone: delete it, or make an object that names another."
                  .formatted(subject.secretName(), reason));
      case Found.None none ->
          renew(subject, subject.hadOne() ? "the Secret was gone" : "there was none yet");
      case Found.Ours ours -> care(subject, ours);
    };
  }

  private Outcome care(Subject subject, Found.Ours ours) {
    return switch (HeldLeaf.read(ClientSecrets.files(ours.secret()))) {
      case HeldLeaf.Reading.Unsound(String reason) -> renew(subject, reason);
      case HeldLeaf.Reading.Sound(HeldLeaf held) -> {
        var holding = subject.holding(held, clock.instant());
        yield due(subject.wish(), held)
            .map(reason -> renew(holding, reason.sentence()))
            .orElseGet(() -> followRoots(holding, ours, held));
      }
    };
  }

  private Optional<LeafRenewal.Reason> due(LeafWish wish, HeldLeaf held) {
    return LeafRenewal.due(held, wish, certificates.state().authority(), clock.instant())
        .filter(reason -> reason != LeafRenewal.Reason.HalfLife || mayRenewByTheClock());
  }

  /**
   * Half of the life is left, so there is time: for a clock that has jumped to come back, and,
   * where it was right to jump or the operator was away, for renewing not everything at once.
   */
  private boolean mayRenewByTheClock() {
    return clock.doubt().isEmpty() && halfLives.tryTake("all");
  }

  private Outcome followRoots(Subject subject, Found.Ours ours, HeldLeaf held) {
    unwritten.remove(subject.uid());
    var wanted = certificates.trustBundle().map(TrustBundle::pem);
    if (wanted.isEmpty() || wanted.get().equals(ClientSecrets.roots(ours.secret()))) {
      return new Outcome.Kept(held);
    }
    return pace.setback(subject.uid())
        .<Outcome>map(setback -> subject.withheld(setback.hindrance(), setback.message()))
        .orElseGet(
            () ->
                write(
                    subject, ClientSecrets.files(ours.secret()), new Outcome.RootsFollowed(held)));
  }

  private Outcome renew(Subject subject, String cause) {
    var setback = pace.setback(subject.uid());
    if (setback.isPresent()) {
      return subject.withheld(setback.get().hindrance(), setback.get().message());
    }
    if (isRight(subject, unwritten.get(subject.uid()))) {
      return write(subject, cause);
    }
    return switch (issuer.issue(subject, cause)) {
      case ClientIssuer.Result.Signed(LeafFiles files) -> {
        unwritten.put(subject.uid(), files);
        yield write(subject, cause);
      }
      case ClientIssuer.Result.Refused(Hindrance hindrance, String message) ->
          subject.withheld(hindrance, message);
    };
  }

  private boolean isRight(Subject subject, LeafFiles files) {
    return files != null
        && HeldLeaf.read(files) instanceof HeldLeaf.Reading.Sound(HeldLeaf leaf)
        && due(subject.wish(), leaf).isEmpty();
  }

  private Outcome write(Subject subject, String cause) {
    var files = unwritten.get(subject.uid());
    return switch (HeldLeaf.read(files)) {
      case HeldLeaf.Reading.Sound(HeldLeaf leaf) ->
          write(subject, files, new Outcome.Issued(leaf, cause));
      case HeldLeaf.Reading.Unsound(String reason) -> throw new IllegalStateException(reason);
    };
  }

  private Outcome write(Subject subject, LeafFiles files, Outcome afterwards) {
    var roots = certificates.trustBundle().map(TrustBundle::pem).orElseThrow();
    try {
      switch (subject.found()) {
        case Found.None none -> secrets.create(subject.object(), files, roots);
        case Found.Ours(var secret) -> secrets.replace(subject.object(), secret, files, roots);
        case Found.Foreign(String reason) -> throw new IllegalStateException(reason);
      }
    } catch (KubernetesClientException e) {
      return afterFailedWrite(subject, e);
    }
    unwritten.remove(subject.uid());
    pace.succeeded(subject.uid());
    return afterwards;
  }

  private static Outcome afterFailedRead(KubernetesClientException e) {
    return switch (e.getCode()) {
      case 0 -> new Outcome.Unanswered(e.getMessage());
      case HttpURLConnection.HTTP_FORBIDDEN ->
          new Outcome.Withheld(Optional.empty(), Hindrance.Forbidden, forbidden(e));
      default -> new Outcome.Withheld(Optional.empty(), Hindrance.SecretUnreadable, e.getMessage());
    };
  }

  private Outcome afterFailedWrite(Subject subject, KubernetesClientException e) {
    var setback =
        e.getCode() == HttpURLConnection.HTTP_FORBIDDEN
            ? new IssuePace.Setback(Hindrance.Forbidden, forbidden(e))
            : new IssuePace.Setback(
                Hindrance.WriteRefused,
                "Secret %s could not be written: %s".formatted(subject.secretName(), said(e)));
    pace.failed(subject.uid(), setback);
    return e.getCode() == 0
        ? new Outcome.Unanswered(e.getMessage())
        : subject.withheld(setback.hindrance(), setback.message());
  }

  private static String forbidden(KubernetesClientException e) {
    return ("The API server refuses it: %s. Grant it by clientCertificates.secrets of the chart, or"
            + " by a Role in this namespace.")
        .formatted(said(e));
  }

  /** Without the client's own words, which name addresses. */
  private static String said(KubernetesClientException e) {
    return Optional.ofNullable(e.getStatus()).map(Status::getMessage).orElseGet(e::getMessage);
  }
}
