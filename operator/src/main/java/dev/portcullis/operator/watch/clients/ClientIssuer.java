package dev.portcullis.operator.watch.clients;

import dev.portcullis.api.v1alpha1.ApiClientCertificate;
import dev.portcullis.operator.identity.CertificateAuthority;
import dev.portcullis.operator.identity.CryptoProvider;
import dev.portcullis.operator.identity.FreshKey;
import dev.portcullis.operator.identity.Issuance;
import dev.portcullis.operator.identity.Leaf;
import dev.portcullis.operator.identity.LeafFiles;
import dev.portcullis.operator.identity.LeafOrder;
import dev.portcullis.operator.watch.certificates.CertificateService;
import dev.portcullis.operator.watch.clients.Outcome.Hindrance;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.util.List;

/** Signs for one object, or says what forbids it. */
final class ClientIssuer {

  /** What became of it. */
  sealed interface Result {

    record Signed(LeafFiles files) implements Result {}

    record Refused(Hindrance hindrance, String message) implements Result {}
  }

  private final KubernetesClient client;
  private final CertificateService certificates;
  private final CryptoProvider crypto;
  private final Clock clock;
  private final IssuePace pace;

  ClientIssuer(ClientCertificates.Parts parts, IssuePace pace) {
    this.client = parts.client();
    this.certificates = parts.certificates();
    this.crypto = parts.crypto();
    this.clock = parts.clock();
    this.pace = pace;
  }

  Result issue(Subject subject, String cause) {
    var state = certificates.state();
    if (state.authority().isEmpty()) {
      return new Result.Refused(Hindrance.AuthorityNotReady, state.message());
    }
    if (!hasAccount(subject.object())) {
      return new Result.Refused(
          Hindrance.ServiceAccountMissing,
          "There is no service account %s in this namespace."
              .formatted(subject.object().getSpec().serviceAccountName()));
    }
    if (!pace.tryTake(subject.uid())) {
      return new Result.Refused(
          Hindrance.TooManyIssued,
          ("A certificate is due (%s), but %d were issued within an hour: see who changes the"
                  + " Secret.")
              .formatted(cause, IssuePace.PER_WINDOW));
    }
    return sign(subject, state.authority().get());
  }

  private Result sign(Subject subject, CertificateAuthority authority) {
    var wish = subject.wish();
    var key = FreshKey.of(wish.keyType(), crypto);
    var order =
        new LeafOrder(
                key.certifiable(), wish.spiffeId(), List.of(), wish.lifetime(), clock.instant())
            .backdatedBy(CertificateAuthority.BACKDATED_FREELY);
    return switch (authority.issue(order)) {
      case Issuance.Issued(Leaf leaf) -> new Result.Signed(key.with(leaf));
      case Issuance.Refused(String reason) ->
          new Result.Refused(Hindrance.AuthorityNotReady, "Nothing was signed: " + reason + ".");
    };
  }

  private boolean hasAccount(ApiClientCertificate object) {
    return client
            .serviceAccounts()
            .inNamespace(object.getMetadata().getNamespace())
            .withName(object.getSpec().serviceAccountName())
            .get()
        != null;
  }
}
