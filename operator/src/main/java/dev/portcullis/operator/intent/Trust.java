package dev.portcullis.operator.intent;

import java.util.List;
import java.util.Optional;

/**
 * A foreign CA. Callers of one trust share what is checked in the handshake; those of two never do.
 *
 * @param serverNames by which its callers are told in the handshake; where empty, their networks
 *     tell them
 */
public record Trust(Source source, List<String> serverNames, Material material) {

  /** Where its certificates and CRLs are kept, in the policy's namespace. */
  public record Source(File authorities, Optional<File> revocations) {}

  /** One key of one Secret. */
  public record File(String secret, String key) {
    @Override
    public String toString() {
      return secret + "/" + key;
    }
  }

  /** What was found there. */
  public sealed interface Material {

    /**
     * @param authorities certificates in PEM, each of a CA that is valid now
     */
    record Usable(String authorities, Revocation revocation) implements Material {}

    /**
     * Nobody of this trust is let in.
     *
     * @param reason one word for programs
     * @param message a sentence that names Secret and key
     */
    record Unusable(String reason, String message) implements Material {}
  }

  /** What is asked about revocation; {@code lists} are CRLs in PEM, valid now. */
  public sealed interface Revocation {

    /** Nothing: no CRL is referred to. */
    record Unchecked() implements Revocation {}

    /** Of the caller's own certificate: an issuer above the given CAs is unknown. */
    record OfLeaves(String lists) implements Revocation {}

    /** Of every certificate between caller and root. */
    record OfWholeChains(String lists) implements Revocation {}
  }

  public Trust {
    serverNames = List.copyOf(serverNames);
  }

  /** Tells this trust from every other of its policy. */
  public String name() {
    return source.authorities()
        + source.revocations().map(file -> "," + file).orElse("")
        + (serverNames.isEmpty() ? "" : "@" + String.join(",", serverNames));
  }
}
