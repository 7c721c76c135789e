package dev.portcullis.operator.envoy;

import com.github.xds.core.v3.CidrRange;
import com.github.xds.type.matcher.v3.IPMatcher;
import com.github.xds.type.matcher.v3.IPMatcher.IPRangeMatcher;
import com.github.xds.type.matcher.v3.Matcher;
import com.github.xds.type.matcher.v3.Matcher.MatcherTree;
import com.github.xds.type.matcher.v3.Matcher.OnMatch;
import com.google.protobuf.UInt32Value;
import io.envoyproxy.envoy.config.rbac.v3.Action;
import io.envoyproxy.envoy.config.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.matching.common_inputs.network.v3.DirectSourceIPInput;
import java.util.List;

/**
 * Whether the peer of the socket is inside any of many networks: one walk down a trie, however many
 * they are. No header has a say in it.
 *
 * @param rule what the access log calls a refusal
 */
record BlockMatcher(String rule) {

  Matcher refusing(List<String> cidrs) {
    var matcher = Matcher.newBuilder().setOnNoMatch(verdict("not-blocked", RBAC.Action.ALLOW));
    if (!cidrs.isEmpty()) {
      matcher.setMatcherTree(byAddress(cidrs));
    }
    return matcher.build();
  }

  private MatcherTree byAddress(List<String> cidrs) {
    var ranges = IPRangeMatcher.newBuilder().setOnMatch(verdict(rule, RBAC.Action.DENY));
    cidrs.forEach(cidr -> ranges.addRanges(range(cidr)));
    var trie = IPMatcher.newBuilder().addRangeMatchers(ranges).build();
    return MatcherTree.newBuilder()
        .setInput(Packed.xdsExtension("direct_source_ip", DirectSourceIPInput.getDefaultInstance()))
        .setCustomMatch(Packed.xdsExtension("ip", trie))
        .build();
  }

  private static CidrRange range(String cidr) {
    var slash = cidr.lastIndexOf('/');
    return CidrRange.newBuilder()
        .setAddressPrefix(cidr.substring(0, slash))
        .setPrefixLen(UInt32Value.of(Integer.parseInt(cidr.substring(slash + 1))))
        .build();
  }

  private static OnMatch verdict(String name, RBAC.Action action) {
    var named = Action.newBuilder().setName(name).setAction(action).build();
    return OnMatch.newBuilder().setAction(Packed.xdsExtension("verdict", named)).build();
  }
}
