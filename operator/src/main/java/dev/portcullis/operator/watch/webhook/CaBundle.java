package dev.portcullis.operator.watch.webhook;

import dev.portcullis.operator.identity.TrustBundle;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfigurationBuilder;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** What the API server should trust, beside what it does. */
record CaBundle(TrustBundle roots, MutatingWebhookConfiguration found) {

  private static final TrustBundle NO_ROOTS = new TrustBundle(List.of());

  boolean isWrong() {
    return found.getWebhooks().stream()
        .anyMatch(webhook -> !encoded().equals(webhook.getClientConfig().getCaBundle()));
  }

  /** Whether the API server, as it is told now, trusts this root for every webhook. */
  static boolean isHeldBy(MutatingWebhookConfiguration found, X509Certificate root) {
    var wanted = new TrustBundle(List.of(root));
    return found.getWebhooks().stream()
        .map(webhook -> Optional.ofNullable(webhook.getClientConfig().getCaBundle()))
        .allMatch(bundle -> bundle.map(CaBundle::rootsOf).orElse(NO_ROOTS).holdsAllOf(wanted));
  }

  private static TrustBundle rootsOf(String encoded) {
    try {
      return TrustBundle.ofPem(
          new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return NO_ROOTS;
    }
  }

  /** Names the webhooks and their bundles, nothing else: all else is the chart's. */
  MutatingWebhookConfiguration correction() {
    return new MutatingWebhookConfigurationBuilder()
        .withNewMetadata()
        .withName(found.getMetadata().getName())
        // Applying to one that was just deleted must not make an empty one.
        .withUid(found.getMetadata().getUid())
        .endMetadata()
        .withWebhooks(found.getWebhooks().stream().map(this::correction).toList())
        .build();
  }

  private MutatingWebhook correction(MutatingWebhook webhook) {
    return new MutatingWebhookBuilder()
        .withName(webhook.getName())
        .withNewClientConfig()
        .withCaBundle(encoded())
        .endClientConfig()
        .build();
  }

  private String encoded() {
    return Base64.getEncoder().encodeToString(roots.pem().getBytes(StandardCharsets.UTF_8));
  }
}
