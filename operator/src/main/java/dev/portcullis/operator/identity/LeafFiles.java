package dev.portcullis.operator.identity;

/**
 * A certificate and its private key as the files of a holder who cannot make a key.
 *
 * @param chain PEM: the leaf, then the issuing CA
 * @param key PEM, PKCS #8
 */
public record LeafFiles(String chain, String key) {

  /** Holds a private key: never in a log. */
  @Override
  public String toString() {
    return "files of a leaf";
  }
}
