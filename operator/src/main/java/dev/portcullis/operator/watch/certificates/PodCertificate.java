package dev.portcullis.operator.watch.certificates;

import dev.portcullis.operator.identity.CryptoProvider;
import dev.portcullis.operator.identity.SigningRequest;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a PodCertificateRequest of either version says. */
record PodCertificate(GenericKubernetesResource resource) {

  /** What the API server fills in where a pod asks for no lifetime. */
  private static final int DEFAULT_LIFETIME_SECONDS = 86_400;

  String namespace() {
    return resource.getMetadata().getNamespace();
  }

  String name() {
    return resource.getMetadata().getName();
  }

  /** By the API server's clock. */
  Instant createdAt() {
    return Instant.parse(resource.getMetadata().getCreationTimestamp());
  }

  /** Whether, and how, it was answered; an answer never changes. */
  enum Decision {
    NONE,
    ISSUED,
    REFUSED
  }

  String uid() {
    return resource.getMetadata().getUid();
  }

  /** {@code <namespace>/<service account>}: all that its certificate would name. */
  String workload() {
    return namespace() + "/" + serviceAccountName();
  }

  String signerName() {
    return text("signerName");
  }

  String podName() {
    return text("podName");
  }

  String podUid() {
    return text("podUID");
  }

  String serviceAccountName() {
    return text("serviceAccountName");
  }

  String serviceAccountUid() {
    return text("serviceAccountUID");
  }

  String nodeName() {
    return text("nodeName");
  }

  Duration longestLifetime() {
    return resource.get("spec", "maxExpirationSeconds") instanceof Number seconds
        ? Duration.ofSeconds(seconds.longValue())
        : Duration.ofSeconds(DEFAULT_LIFETIME_SECONDS);
  }

  /** What the pod's author passes on; nothing vouches for it. */
  Map<?, ?> userAnnotations() {
    return resource.get("spec", "unverifiedUserAnnotations") instanceof Map<?, ?> annotations
        ? annotations
        : Map.of();
  }

  /** Whether it has been issued, denied or failed, after which nothing may change. */
  boolean isDecided() {
    return decision() != Decision.NONE;
  }

  Decision decision() {
    return resource.get("status", "conditions") instanceof List<?> conditions
            && !conditions.isEmpty()
        ? decision(conditions.getFirst())
        : Decision.NONE;
  }

  private static Decision decision(Object condition) {
    return condition instanceof Map<?, ?> fields && "Issued".equals(fields.get("type"))
        ? Decision.ISSUED
        : Decision.REFUSED;
  }

  /** The key it is for. Early v1beta1 carries a bare key, whose proof the API server checks. */
  SigningRequest signingRequest(CryptoProvider crypto) {
    try {
      return bytes("stubPKCS10Request")
          .map(der -> SigningRequest.ofPkcs10(der, crypto))
          .or(() -> bytes("pkixPublicKey").map(SigningRequest::ofPublicKey))
          .orElseGet(() -> new SigningRequest.Malformed("it holds no key"));
    } catch (IllegalArgumentException e) {
      return new SigningRequest.Malformed("its key is not Base64");
    }
  }

  private Optional<byte[]> bytes(String field) {
    return Optional.of(text(field))
        .filter(encoded -> !encoded.isEmpty())
        .map(Base64.getDecoder()::decode);
  }

  private String text(String field) {
    return Optional.<Object>ofNullable(resource.get("spec", field))
        .map(Object::toString)
        .orElse("");
  }
}
