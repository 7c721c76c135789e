package dev.portcullis.operator.watch.clients;

import dev.portcullis.api.v1alpha1.ApiClientCertificate;
import dev.portcullis.api.v1alpha1.ApiClientCertificateSpec;
import dev.portcullis.operator.identity.LeafKey;
import dev.portcullis.operator.identity.LeafWish;
import dev.portcullis.operator.watch.certificates.CertificateSettings;
import java.text.ParseException;
import java.time.Duration;

/** What an object asks for, within what the installation allows. */
final class ClientWish {

  private ClientWish() {}

  /** The identity lies in the object's own namespace, whatever the object says. */
  static LeafWish of(ApiClientCertificate object, CertificateSettings settings) {
    var spec = object.getSpec();
    return new LeafWish(
        settings
            .trustDomain()
            .serviceAccount(object.getMetadata().getNamespace(), spec.serviceAccountName()),
        keyType(spec),
        lifetime(spec, settings.leafLifetime()),
        settings.leafRenewal());
  }

  private static LeafKey keyType(ApiClientCertificateSpec spec) {
    return switch (spec.keyType()) {
      case ECDSAP256 -> LeafKey.ECDSAP256;
      case ECDSAP384 -> LeafKey.ECDSAP384;
      case RSA3072 -> LeafKey.RSA3072;
      case RSA4096 -> LeafKey.RSA4096;
      case ED25519 -> LeafKey.ED25519;
      case null -> LeafKey.ECDSAP256;
    };
  }

  private static Duration lifetime(ApiClientCertificateSpec spec, Duration longest) {
    if (spec.lifetime() == null) {
      return longest;
    }
    try {
      var asked = io.fabric8.kubernetes.api.model.Duration.parse(spec.lifetime()).getDuration();
      return asked.compareTo(longest) <= 0 ? asked : longest;
    } catch (ParseException e) {
      throw new IllegalArgumentException("not a duration: " + spec.lifetime(), e);
    }
  }
}
