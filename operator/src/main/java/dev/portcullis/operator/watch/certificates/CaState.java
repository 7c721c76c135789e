package dev.portcullis.operator.watch.certificates;

import dev.portcullis.operator.identity.CertificateAuthority;
import dev.portcullis.operator.identity.SigningPair;
import dev.portcullis.operator.identity.rotation.Succession;
import dev.portcullis.operator.names.Names;
import java.util.Optional;

/** What is known of the certificate authority. Only {@link Ready} signs. */
public sealed interface CaState {
  /** Where the roots are. */
  String PUBLISHED =
      "ClusterTrustBundle %s, or ConfigMap %s where the cluster has no such kind"
          .formatted(Names.TRUST_BUNDLE, Names.TRUST_CONFIG_MAP);

  /** A sentence for health, events and logs. */
  String message();

  /** The authority, if it may sign. */
  default Optional<CertificateAuthority> authority() {
    return this instanceof Ready(CertificateAuthority signer, Succession kept)
        ? Optional.of(signer)
        : Optional.empty();
  }

  /** Name for metrics and events. */
  default String name() {
    return getClass().getSimpleName();
  }

  /** Sound, and the one that the cluster trusts. */
  record Ready(CertificateAuthority signer, Succession kept) implements CaState {
    @Override
    public String message() {
      return "The certificate authority is ready.";
    }
  }

  /** The API server has not been read yet. */
  record Unread() implements CaState {
    @Override
    public String message() {
      return "The certificate authority has not been read yet.";
    }
  }

  /** There is none and never was: the leader makes one. */
  record Absent() implements CaState {
    @Override
    public String message() {
      return "There is no certificate authority yet; the leader will make one.";
    }
  }

  /** The root is sound and has no issuing CA: the leader makes one. */
  record RootOnly(SigningPair root) implements CaState {
    @Override
    public String message() {
      return "The root has no issuing CA yet; the leader will make one.";
    }
  }

  /** It was here and is gone. Only its return, or a reset by hand, ends this. */
  record Missing() implements CaState {
    @Override
    public String message() {
      return ("Secret %s is gone, though certificates of its root are trusted (%s)."
              + " Nothing is signed; no new root is made over it. Restore the Secret.")
          .formatted(Names.CA_SECRET, PUBLISHED);
    }
  }

  /** It cannot be used; {@code reason} names the file. */
  record Damaged(String reason) implements CaState {
    @Override
    public String message() {
      return "Secret %s is damaged: %s. Nothing is signed. Restore the Secret."
          .formatted(Names.CA_SECRET, reason);
    }
  }

  /** Sound, but not what the cluster trusts. */
  record Foreign() implements CaState {
    @Override
    public String message() {
      return ("Secret %s holds another root than is published (%s) and peers trust. Nothing"
              + " is signed. Restore the Secret.")
          .formatted(Names.CA_SECRET, PUBLISHED);
    }
  }
}
