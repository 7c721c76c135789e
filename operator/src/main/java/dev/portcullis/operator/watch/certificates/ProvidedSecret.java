package dev.portcullis.operator.watch.certificates;

import dev.portcullis.operator.identity.ProvidedAuthority;
import dev.portcullis.operator.identity.ProvidedInspection;
import dev.portcullis.operator.identity.ProvidedInspector;
import dev.portcullis.operator.status.Validity;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.util.Optional;

/** The Secret of a CA that people bring. It is read, live, and never written. */
final class ProvidedSecret {

  private final KubernetesClient client;
  private final CertificateSettings settings;

  /** What was found there. */
  sealed interface Found {

    /** Nobody brings one. */
    record NotWanted() implements Found {}

    record Usable(ProvidedAuthority brought) implements Found {}

    /** {@code message} is a sentence that names the Secret. */
    record Unusable(String message) implements Found {}

    /** Of the certificate that was brought. */
    default Optional<Validity> validity() {
      return authority().map(ProvidedAuthority::brought).map(Validities::of);
    }

    default Optional<ProvidedAuthority> authority() {
      return this instanceof Usable(ProvidedAuthority found)
          ? Optional.of(found)
          : Optional.empty();
    }

    /** For people. */
    default String text() {
      return switch (this) {
        case NotWanted notWanted -> "none";
        case Usable usable -> "accepted";
        case Unusable(String message) -> "refused: " + message;
      };
    }
  }

  ProvidedSecret(KubernetesClient client, CertificateSettings settings) {
    this.client = client;
    this.settings = settings;
  }

  Found read(Instant now) {
    return settings.providedSecret().map(name -> read(name, now)).orElseGet(Found.NotWanted::new);
  }

  private Found read(String name, Instant now) {
    var secret = client.secrets().inNamespace(settings.namespace()).withName(name).get();
    if (secret == null) {
      return new Found.Unusable("There is no Secret " + name + ".");
    }
    var files = CaAssessor.files(secret);
    return switch (ProvidedInspector.inspect(files, settings.trustDomain(), now)) {
      case ProvidedInspection.Accepted(ProvidedAuthority authority) -> new Found.Usable(authority);
      case ProvidedInspection.Refused(String reason) ->
          new Found.Unusable("Secret %s cannot be used: %s.".formatted(name, reason));
    };
  }
}
