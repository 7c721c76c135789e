package dev.portcullis.operator.watch.clients;

import dev.portcullis.api.v1alpha1.ApiClientCertificate;
import dev.portcullis.operator.identity.HeldLeaf;
import dev.portcullis.operator.identity.LeafWish;
import dev.portcullis.operator.watch.clients.ClientSecrets.Found;
import dev.portcullis.operator.watch.clients.Outcome.Hindrance;
import java.time.Instant;
import java.util.Optional;

/**
 * An object, what it asks for, and what is there.
 *
 * @param usable what one can call with meanwhile, whether or not it is to be replaced
 */
record Subject(ApiClientCertificate object, LeafWish wish, Found found, Optional<HeldLeaf> usable) {

  Subject(ApiClientCertificate object, LeafWish wish, Found found) {
    this(object, wish, found, Optional.empty());
  }

  /** The same, with a certificate that is usable if it is of the right name and time. */
  Subject holding(HeldLeaf held, Instant now) {
    var sound = Optional.of(held).filter(leaf -> leaf.names(wish.spiffeId()) && leaf.holdsAt(now));
    return new Subject(object, wish, found, sound);
  }

  String uid() {
    return object.getMetadata().getUid();
  }

  String secretName() {
    return object.getSpec().secretName();
  }

  /** Whether the Secret has ever held a certificate, as far as the object tells. */
  boolean hadOne() {
    return object.getStatus() != null && object.getStatus().serialNumber() != null;
  }

  Outcome.Withheld withheld(Hindrance hindrance, String message) {
    return new Outcome.Withheld(usable, hindrance, message);
  }
}
