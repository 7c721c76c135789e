package dev.portcullis.operator.watch.clients;

import dev.portcullis.api.v1alpha1.ApiClientCertificate;
import dev.portcullis.operator.identity.HeldLeaf;
import dev.portcullis.operator.identity.TrustBundle;
import dev.portcullis.operator.identity.rotation.Elder;
import dev.portcullis.operator.identity.rotation.Straggler;
import dev.portcullis.operator.watch.certificates.Witness.Candidate;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Whether the Secrets of callers have followed a rotation of the CA, read anew each time. Whether
 * the callers have read them nobody can ask; for that a rotation leaves them its spread.
 */
final class SecretWitness {

  private final ClientSecrets secrets;
  private final Clock clock;

  SecretWitness(ClientSecrets secrets, Clock clock) {
    this.secrets = secrets;
    this.clock = clock;
  }

  List<Straggler> yetToAccept(Collection<ApiClientCertificate> objects, Candidate candidate) {
    return ask(
        objects,
        secret ->
            Optional.of("ca.crt of its Secret does not hold the new root yet.")
                .filter(doubt -> !roots(secret).roots().contains(candidate.root())));
  }

  List<Straggler> stillHolding(Collection<ApiClientCertificate> objects, Elder elder) {
    return ask(objects, secret -> holding(secret, elder));
  }

  private Optional<String> holding(Secret secret, Elder elder) {
    return HeldLeaf.read(ClientSecrets.files(secret)) instanceof HeldLeaf.Reading.Sound(var leaf)
            && leaf.isOf(elder.certificates().issuing())
            && leaf.holdsAt(clock.instant())
        ? Optional.of(
            "Its Secret holds a certificate of the replaced CA, which ends %s."
                .formatted(leaf.notAfter()))
        : Optional.empty();
  }

  private List<Straggler> ask(
      Collection<ApiClientCertificate> objects, Function<Secret, Optional<String>> doubt) {
    return objects.stream()
        .filter(object -> !object.isMarkedForDeletion())
        .flatMap(object -> ask(object, doubt).map(why -> straggler(object, why)).stream())
        .toList();
  }

  /** A Secret that is not ours, or not there, is nobody's certificate of ours. */
  private Optional<String> ask(
      ApiClientCertificate object, Function<Secret, Optional<String>> doubt) {
    try {
      return switch (secrets.read(object)) {
        case ClientSecrets.Found.Ours(Secret secret) -> doubt.apply(secret);
        case ClientSecrets.Found.None none -> Optional.empty();
        case ClientSecrets.Found.Foreign foreign -> Optional.empty();
      };
    } catch (KubernetesClientException e) {
      return Optional.of("Its Secret cannot be read.")
          .filter(why -> object.getStatus() != null && object.getStatus().serialNumber() != null);
    }
  }

  private static TrustBundle roots(Secret secret) {
    try {
      return TrustBundle.ofPem(ClientSecrets.roots(secret));
    } catch (IllegalArgumentException e) {
      return new TrustBundle(List.of());
    }
  }

  private static Straggler straggler(ApiClientCertificate object, String why) {
    var metadata = object.getMetadata();
    return new Straggler(
        "ApiClientCertificate " + metadata.getNamespace() + "/" + metadata.getName(), why);
  }
}
