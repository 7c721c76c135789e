package dev.portcullis.operator.watch.certificates;

import dev.portcullis.operator.identity.CryptoProvider;
import dev.portcullis.operator.identity.SigningRequest;
import dev.portcullis.operator.names.Names;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The checklist of a request. It is a denial only when no later moment could make the answer
 * another one, for a denied pod never gets a certificate again.
 */
final class RequestReview {

  /** Reasons that Kubernetes defines. */
  static final String UNSUPPORTED_KEY = "UnsupportedKeyType";

  static final String UNKNOWN_ANNOTATIONS = "InvalidUnverifiedUserAnnotations";

  private static final List<Check> CHECKLIST =
      List.of(
          new Check(
              "PodNotFound",
              "There is no pod of this name and uid.",
              evidence -> evidence.found.isPresent()),
          new Check(
              "PodMismatch",
              "The pod of this name has another uid.",
              evidence -> evidence.request.podUid().equals(evidence.uidOfPod())),
          new Check(
              "PodFinished",
              "The pod has finished and serves nobody.",
              evidence -> !List.of("Succeeded", "Failed").contains(evidence.phase())),
          new Check(
              "ServiceAccountMismatch",
              "The pod runs under another service account.",
              Evidence::isOfServiceAccount),
          new Check(
              "NodeMismatch",
              "The pod runs on another node.",
              evidence ->
                  evidence.request.nodeName().equals(evidence.pod().getSpec().getNodeName())),
          new Check(
              "NotRequestedByPod",
              "No volume of the pod asks this signer for a certificate.",
              Evidence::isRequestedByPod),
          new Check(
              UNKNOWN_ANNOTATIONS,
              "This signer knows no user annotations.",
              evidence -> evidence.request.userAnnotations().isEmpty()));

  private final CryptoProvider crypto;

  RequestReview(CryptoProvider crypto) {
    this.crypto = crypto;
  }

  /**
   * @param pod the pod of the request's name, read live; empty only if there surely is none
   * @param serviceAccount likewise
   */
  Verdict review(
      PodCertificate request, Optional<Pod> pod, Optional<ServiceAccount> serviceAccount) {
    var evidence = new Evidence(request, pod, serviceAccount);
    return CHECKLIST.stream()
        .filter(check -> !check.holds.test(evidence))
        .findFirst()
        .<Verdict>map(check -> new Verdict.Denied(check.reason, check.message))
        .orElseGet(() -> reviewKey(request));
  }

  private Verdict reviewKey(PodCertificate request) {
    return switch (request.signingRequest(crypto)) {
      case SigningRequest.Acceptable acceptable -> new Verdict.Approved(acceptable.key());
      case SigningRequest.UnsupportedKey(String found) ->
          new Verdict.Denied(
              UNSUPPORTED_KEY,
              ("Keys of type %s are not certified; use ECDSAP256, ECDSAP384, RSA3072, RSA4096 or"
                      + " ED25519.")
                  .formatted(found));
      case SigningRequest.Malformed(String reason) ->
          new Verdict.Denied("MalformedRequest", "The request cannot be used: " + reason + ".");
    };
  }

  private record Check(String reason, String message, Predicate<Evidence> holds) {}

  /** Everything that the checklist looks at. */
  private record Evidence(
      PodCertificate request, Optional<Pod> found, Optional<ServiceAccount> serviceAccount) {

    Pod pod() {
      return found.orElseThrow();
    }

    String uidOfPod() {
      return pod().getMetadata().getUid();
    }

    String phase() {
      return Optional.ofNullable(pod().getStatus()).map(status -> status.getPhase()).orElse("");
    }

    boolean isOfServiceAccount() {
      return request.serviceAccountName().equals(pod().getSpec().getServiceAccountName())
          && serviceAccount
              .map(account -> account.getMetadata().getUid())
              .equals(Optional.of(request.serviceAccountUid()));
    }

    boolean isRequestedByPod() {
      return pod().getSpec().getVolumes().stream()
          .flatMap(volume -> Optional.ofNullable(volume.getProjected()).stream())
          .flatMap(projected -> projected.getSources().stream())
          .flatMap(source -> Optional.ofNullable(source.getPodCertificate()).stream())
          .anyMatch(certificate -> Names.SIGNER.equals(certificate.getSignerName()));
    }
  }
}
