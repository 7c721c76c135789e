package dev.portcullis.operator.identity;

import java.util.List;

/**
 * As whom the operator serves and calls.
 *
 * @param spiffeId id of the operator's own service account
 * @param dnsNames names of its services, {@code <service>.<namespace>.svc}
 */
public record ServerIdentity(String spiffeId, List<String> dnsNames) {
  public ServerIdentity {
    dnsNames = List.copyOf(dnsNames);
  }
}
