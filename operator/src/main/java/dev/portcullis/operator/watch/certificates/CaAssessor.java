package dev.portcullis.operator.watch.certificates;

import dev.portcullis.operator.identity.CertificateAuthority;
import dev.portcullis.operator.identity.CryptoProvider;
import dev.portcullis.operator.identity.SigningPair;
import dev.portcullis.operator.identity.TrustBundle;
import dev.portcullis.operator.identity.TrustDomain;
import dev.portcullis.operator.identity.rotation.Succession;
import dev.portcullis.operator.identity.rotation.SuccessionInspection;
import dev.portcullis.operator.identity.rotation.SuccessionInspector;
import io.fabric8.kubernetes.api.model.Secret;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What was read from the cluster, and what this process remembers -> the state of the CA. */
final class CaAssessor {

  private static final byte[] NOT_BASE64 = {};

  private final TrustDomain trustDomain;
  private final CryptoProvider crypto;

  CaAssessor(TrustDomain trustDomain, CryptoProvider crypto) {
    this.trustDomain = trustDomain;
    this.crypto = crypto;
  }

  /**
   * What a cluster trusts.
   *
   * @param remembered the roots that this process has found in use; empty while it has found none
   * @param published those that pods mount; empty if none are published
   */
  record Known(Optional<TrustBundle> remembered, Optional<TrustBundle> published) {

    /** The roots that nothing may contradict; empty if no CA has ever been seen. */
    Optional<TrustBundle> trusted() {
      return remembered.or(() -> published);
    }
  }

  /**
   * @param secret the CA's Secret, if there is one
   */
  CaState assess(Optional<Secret> secret, Known known) {
    if (secret.isEmpty()) {
      return known.trusted().isPresent() ? new CaState.Missing() : new CaState.Absent();
    }
    return switch (SuccessionInspector.inspect(files(secret.get()))) {
      case SuccessionInspection.Unsound(String reason) -> new CaState.Damaged(reason);
      case SuccessionInspection.RootOnly(SigningPair root) ->
          isTrusted(root.certificate(), known) ? new CaState.RootOnly(root) : new CaState.Foreign();
      case SuccessionInspection.Sound(Succession kept) ->
          isTrusted(kept, known) ? ready(kept) : new CaState.Foreign();
    };
  }

  private CaState ready(Succession kept) {
    return new CaState.Ready(
        new CertificateAuthority(
            kept.current().material(), kept.trustBundle(), trustDomain, crypto),
        kept);
  }

  private static boolean isTrusted(X509Certificate root, Known known) {
    return known.trusted().map(roots -> holds(roots, root)).orElse(true);
  }

  /**
   * A process that was away while a rotation switched finds a root that it never knew: it is the
   * right one if it is published, and kept together with one that this process does know.
   */
  private static boolean isTrusted(Succession kept, Known known) {
    var root = kept.current().material().root().certificate();
    return isTrusted(root, known)
        || known.published().filter(roots -> holds(roots, root)).isPresent()
            && known.remembered().filter(roots -> roots.sharesWith(kept.trustBundle())).isPresent();
  }

  private static boolean holds(TrustBundle roots, X509Certificate root) {
    return roots.holdsAllOf(new TrustBundle(List.of(root)));
  }

  static Map<String, byte[]> files(Secret secret) {
    var files = new HashMap<String, byte[]>();
    Optional.ofNullable(secret.getData())
        .orElse(Map.of())
        .forEach((name, content) -> files.put(name, decoded(content)));
    return files;
  }

  private static byte[] decoded(String content) {
    try {
      return Base64.getDecoder().decode(content);
    } catch (IllegalArgumentException e) {
      return NOT_BASE64;
    }
  }
}
