package dev.portcullis.operator.intent;

import java.util.Optional;
import java.util.regex.Pattern;

/** A SPIFFE id, compared as one exact string: {@code spiffe://trust-domain/path}. */
public record SpiffeId(String uri) implements Comparable<SpiffeId> {

  private static final Pattern SERVICE_ACCOUNT =
      Pattern.compile("spiffe://[^/]+/ns/([^/]+)/sa/[^/]+");

  /** The id of a Kubernetes service account. */
  public static SpiffeId ofServiceAccount(
      String trustDomain, String namespace, String serviceAccount) {
    return new SpiffeId("spiffe://" + trustDomain + "/ns/" + namespace + "/sa/" + serviceAccount);
  }

  /** The namespace, where the id is a Kubernetes service account's. */
  public Optional<String> namespace() {
    var matcher = SERVICE_ACCOUNT.matcher(uri);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
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
