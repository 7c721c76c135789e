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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

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
    return stragglers(
        look(objects),
        secret ->
            Optional.of("ca.crt of its Secret does not hold the new root yet.")
                .filter(doubt -> !roots(secret).roots().contains(candidate.root())));
  }

  Map<Elder, List<Straggler>> stillHolding(
      Collection<ApiClientCertificate> objects, Collection<Elder> elders) {
    var sights = look(objects);
    return elders.stream()
        .collect(
            Collectors.toMap(
                elder -> elder, elder -> stragglers(sights, secret -> holding(secret, elder))));
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

  /** What was found where an object's Secret should be. */
  private sealed interface Sight {

    record Read(Secret secret) implements Sight {}

    /** Not there, or not ours: nobody's certificate of ours. */
    record Nothing() implements Sight {}

    record Unreadable() implements Sight {}
  }

  private Map<ApiClientCertificate, Sight> look(Collection<ApiClientCertificate> objects) {
    var sights = new LinkedHashMap<ApiClientCertificate, Sight>();
    objects.stream()
        .filter(object -> !object.isMarkedForDeletion())
        .forEach(object -> sights.put(object, look(object)));
    return sights;
  }

  private Sight look(ApiClientCertificate object) {
    try {
      return switch (secrets.read(object)) {
        case ClientSecrets.Found.Ours(Secret secret) -> new Sight.Read(secret);
        case ClientSecrets.Found.None none -> new Sight.Nothing();
        case ClientSecrets.Found.Foreign foreign -> new Sight.Nothing();
      };
    } catch (KubernetesClientException e) {
      return new Sight.Unreadable();
    }
  }

  private static List<Straggler> stragglers(
      Map<ApiClientCertificate, Sight> sights, Function<Secret, Optional<String>> doubt) {
    return sights.entrySet().stream()
        .flatMap(
            found ->
                why(found.getKey(), found.getValue(), doubt)
                    .map(why -> straggler(found.getKey(), why))
                    .stream())
        .toList();
  }

  private static Optional<String> why(
      ApiClientCertificate object, Sight sight, Function<Secret, Optional<String>> doubt) {
    return switch (sight) {
      case Sight.Read(Secret secret) -> doubt.apply(secret);
      case Sight.Nothing nothing -> Optional.empty();
      case Sight.Unreadable unreadable ->
          Optional.of("Its Secret cannot be read.")
              .filter(
                  why -> object.getStatus() != null && object.getStatus().serialNumber() != null);
    };
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
