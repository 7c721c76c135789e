package dev.portcullis.operator.intent;

/** A SPIFFE id, compared as one exact string: {@code spiffe://trust-domain/path}. */
public record SpiffeId(String uri) implements Comparable<SpiffeId> {

  /** The id of a Kubernetes service account. */
  public static SpiffeId ofServiceAccount(
      String trustDomain, String namespace, String serviceAccount) {
    return new SpiffeId("spiffe://" + trustDomain + "/ns/" + namespace + "/sa/" + serviceAccount);
  }

  @Override
  public int compareTo(SpiffeId other) {
    return uri.compareTo(other.uri);
  }

  @Override
  public String toString() {
    return uri;
  }
}
