package dev.portcullis.operator.watch.certificates;

import dev.portcullis.operator.identity.CaInspection;
import dev.portcullis.operator.identity.CaInspector;
import dev.portcullis.operator.identity.CaMaterial;
import dev.portcullis.operator.identity.CertificateAuthority;
import dev.portcullis.operator.identity.CryptoProvider;
import dev.portcullis.operator.identity.SigningPair;
import dev.portcullis.operator.identity.TrustBundle;
import dev.portcullis.operator.identity.TrustDomain;
import io.fabric8.kubernetes.api.model.Secret;
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
   * @param secret the CA's Secret, if there is one
   * @param trusted the roots known to be trusted: those that this process has used before, else
   *     those published; empty if no CA has ever been seen
   */
  CaState assess(Optional<Secret> secret, Optional<TrustBundle> trusted) {
    if (secret.isEmpty()) {
      return trusted.isPresent() ? new CaState.Missing() : new CaState.Absent();
    }
    return switch (CaInspector.inspect(files(secret.get()))) {
      case CaInspection.Unsound(String reason) -> new CaState.Damaged(reason);
      case CaInspection.RootOnly(SigningPair root) ->
          isTrusted(root, trusted) ? new CaState.RootOnly(root) : new CaState.Foreign();
      case CaInspection.Sound(CaMaterial material) ->
          isTrusted(material.root(), trusted) ? ready(material) : new CaState.Foreign();
    };
  }

  private CaState ready(CaMaterial material) {
    return new CaState.Ready(new CertificateAuthority(material, trustDomain, crypto));
  }

  private static boolean isTrusted(SigningPair root, Optional<TrustBundle> trusted) {
    var bundle = new TrustBundle(List.of(root.certificate()));
    return trusted.map(roots -> roots.holdsAllOf(bundle)).orElse(true);
  }

  private static Map<String, byte[]> files(Secret secret) {
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
