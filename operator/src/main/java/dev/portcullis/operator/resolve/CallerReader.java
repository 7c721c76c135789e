package dev.portcullis.operator.resolve;

import dev.portcullis.api.v1alpha1.CallerSpec;
import dev.portcullis.api.v1alpha1.CallerSpec.From;
import dev.portcullis.api.v1alpha1.CallerSpec.ServiceAccount;
import dev.portcullis.operator.intent.Caller;
import dev.portcullis.operator.intent.Caller.Origin;
import dev.portcullis.operator.intent.SpiffeId;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * {@code spec.callers}. A caller without an identity is refused: on a cluster that ignores
 * NetworkPolicies the identity is all there is.
 *
 * @param namespace of the policy, where service accounts live that name none
 */
record CallerReader(String namespace, String trustDomain, TrustReader trusts) {

  List<Caller> read(List<CallerSpec> callers, At at) {
    if (callers.isEmpty()) {
      at.invalid("Name at least one caller.");
    }
    var result = new ArrayList<Caller>();
    for (var index = 0; index < callers.size(); index++) {
      result.add(read(callers.get(index), at.item(index)));
    }
    Names.requireUnique(result.stream().map(Caller::name).toList(), at);
    TrustOverlaps.requireNone(result, at);
    return result;
  }

  private Caller read(CallerSpec caller, At at) {
    return caller.trust() == null ? ofTheMesh(caller, at) : fromOutside(caller, at);
  }

  private Caller fromOutside(CallerSpec caller, At at) {
    if (!caller.serviceAccounts().isEmpty() || !caller.identities().isEmpty()) {
      at.field("trust").invalid("Give either trust, or serviceAccounts and identities.");
    }
    var place = origin(caller.from(), at.field("from"));
    if (!(place instanceof Origin.Addresses)
        && !(place instanceof Origin.Anywhere && !caller.trust().serverNames().isEmpty())) {
      at.field("trust")
          .invalid(
              "Name the caller's networks in from.cidrs, or trust.serverNames without 'from'.");
    }
    return new Caller(
        Names.read(caller.name(), at.field("name")),
        place,
        trusts.read(caller.trust(), trustDomain, at.field("trust")));
  }

  private Caller ofTheMesh(CallerSpec caller, At at) {
    var identities = new TreeSet<SpiffeId>();
    for (var account : caller.serviceAccounts()) {
      identities.add(identityOf(account, at.field("serviceAccounts")));
    }
    for (var index = 0; index < caller.identities().size(); index++) {
      identities.add(
          identityOf(caller.identities().get(index), at.field("identities").item(index)));
    }
    if (identities.isEmpty()) {
      at.invalid("Name at least one of serviceAccounts or identities, or give trust.");
    }
    return new Caller(
        Names.read(caller.name(), at.field("name")),
        origin(caller.from(), at.field("from")),
        List.copyOf(identities));
  }

  private SpiffeId identityOf(ServiceAccount account, At at) {
    var name = Names.read(account.name(), at);
    return SpiffeId.ofServiceAccount(trustDomain, Given.or(account.namespace(), namespace), name);
  }

  /** An identity of a foreign trust domain could never be proved: no foreign root is trusted. */
  private SpiffeId identityOf(String uri, At at) {
    if (!uri.startsWith("spiffe://" + trustDomain + "/")) {
      at.invalid(
          "Name an identity of the trust domain %s: certificates of others are not trusted here.",
          trustDomain);
    }
    return new SpiffeId(uri);
  }

  private static Origin origin(From from, At at) {
    if (from == null) {
      return new Origin.Anywhere();
    }
    var selectsPods = from.namespaceSelector() != null || from.podSelector() != null;
    if (selectsPods != from.cidrs().isEmpty()) {
      at.invalid("Name either selectors or cidrs, or remove 'from' to admit every place.");
    }
    return selectsPods ? pods(from, at) : new Origin.Addresses(from.cidrs(), from.except());
  }

  private static Origin pods(From from, At at) {
    var pods =
        from.podSelector() == null
            ? SelectorReader.EVERYTHING
            : SelectorReader.read(from.podSelector(), at.field("podSelector"));
    return from.namespaceSelector() == null
        ? new Origin.LocalPods(pods)
        : new Origin.Pods(
            SelectorReader.read(from.namespaceSelector(), at.field("namespaceSelector")), pods);
  }
}
