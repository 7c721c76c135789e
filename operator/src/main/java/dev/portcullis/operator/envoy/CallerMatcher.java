package dev.portcullis.operator.envoy;

import com.github.xds.type.matcher.v3.Matcher;
import com.github.xds.type.matcher.v3.Matcher.MatcherList;
import com.github.xds.type.matcher.v3.Matcher.MatcherList.FieldMatcher;
import com.github.xds.type.matcher.v3.Matcher.MatcherTree;
import com.github.xds.type.matcher.v3.Matcher.MatcherTree.MatchMap;
import com.github.xds.type.matcher.v3.Matcher.OnMatch;
import dev.portcullis.operator.intent.Caller;
import dev.portcullis.operator.intent.Caller.Origin;
import dev.portcullis.operator.intent.SpiffeId;
import io.envoyproxy.envoy.config.rbac.v3.Action;
import io.envoyproxy.envoy.config.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.matching.common_inputs.ssl.v3.UriSanInput;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Callers as one lookup by identity, then by address where a caller has addresses.
 *
 * <p>The key is the list of all URI names of the certificate as one string, so a certificate with a
 * second one matches nothing: a SPIFFE certificate has exactly one.
 *
 * @param rule what the access log calls a refusal
 */
record CallerMatcher(String rule) {

  Matcher admitting(List<Caller> callers) {
    var byIdentity = new TreeMap<SpiffeId, List<Caller>>();
    for (var caller : callers) {
      caller
          .identities()
          .forEach(id -> byIdentity.computeIfAbsent(id, key -> new ArrayList<>()).add(caller));
    }
    var matcher = Matcher.newBuilder().setOnNoMatch(verdict(RBAC.Action.DENY));
    if (!byIdentity.isEmpty()) {
      matcher.setMatcherTree(byUri(byIdentity));
    }
    return matcher.build();
  }

  private MatcherTree byUri(TreeMap<SpiffeId, List<Caller>> byIdentity) {
    var exact = MatchMap.newBuilder();
    byIdentity.forEach((id, callers) -> exact.putMap(id.uri(), fromPlacesOf(callers)));
    return MatcherTree.newBuilder()
        .setInput(Packed.xdsExtension("uri_san", UriSanInput.getDefaultInstance()))
        .setExactMatchMap(exact)
        .build();
  }

  /** Where pods are named, the NetworkPolicy holds the place; the proxy sees addresses only. */
  private OnMatch fromPlacesOf(List<Caller> callers) {
    var places = new ArrayList<Origin.Addresses>();
    for (var caller : callers) {
      switch (caller.origin()) {
        case Origin.Addresses addresses -> places.add(addresses);
        case Origin.Anywhere() -> {
          return verdict(RBAC.Action.ALLOW);
        }
        case Origin.Pods(_, _) -> {
          return verdict(RBAC.Action.ALLOW);
        }
        case Origin.LocalPods(_) -> {
          return verdict(RBAC.Action.ALLOW);
        }
      }
    }
    return OnMatch.newBuilder().setMatcher(byAddress(places)).build();
  }

  private Matcher byAddress(List<Origin.Addresses> places) {
    var list = MatcherList.newBuilder();
    for (var place : places) {
      list.addMatchers(
          FieldMatcher.newBuilder()
              .setPredicate(AddressPredicate.inside(place))
              .setOnMatch(verdict(RBAC.Action.ALLOW)));
    }
    return Matcher.newBuilder()
        .setMatcherList(list)
        .setOnNoMatch(verdict(RBAC.Action.DENY))
        .build();
  }

  private OnMatch verdict(RBAC.Action action) {
    var named = Action.newBuilder().setName(rule).setAction(action).build();
    return OnMatch.newBuilder().setAction(Packed.xdsExtension("verdict", named)).build();
  }
}
