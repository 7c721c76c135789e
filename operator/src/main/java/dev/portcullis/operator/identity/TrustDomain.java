package dev.portcullis.operator.identity;

import java.util.regex.Pattern;

/**
 * A SPIFFE trust domain, narrowed to lower-case DNS names so that it can stand in a name
 * constraint.
 */
public record TrustDomain(String name) {

  private static final String LABEL = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";
  private static final Pattern DNS_NAME = Pattern.compile(LABEL + "(\\." + LABEL + ")*");
  private static final int MAX_LENGTH = 253;

  /**
   * @throws IllegalArgumentException if {@code name} is not a lower-case DNS name
   */
  public TrustDomain {
    if (name.length() > MAX_LENGTH || !DNS_NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "trust domain must be a lower-case DNS name, but is '%s'".formatted(name));
    }
  }

  /** {@code spiffe://<trust domain>/ns/<namespace>/sa/<service account>}. */
  public String serviceAccount(String namespace, String serviceAccount) {
    return "spiffe://" + name + "/ns/" + namespace + "/sa/" + serviceAccount;
  }

  /** Whether a SPIFFE id lies in this trust domain. */
  public boolean contains(String spiffeId) {
    return spiffeId.startsWith("spiffe://" + name + "/");
  }
}
