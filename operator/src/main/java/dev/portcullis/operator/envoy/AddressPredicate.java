package dev.portcullis.operator.envoy;

import com.github.xds.type.matcher.v3.Matcher.MatcherList.Predicate;
import com.github.xds.type.matcher.v3.Matcher.MatcherList.Predicate.PredicateList;
import com.github.xds.type.matcher.v3.Matcher.MatcherList.Predicate.SinglePredicate;
import com.google.protobuf.UInt32Value;
import dev.portcullis.operator.intent.Caller.Origin;
import io.envoyproxy.envoy.config.core.v3.CidrRange;
import io.envoyproxy.envoy.extensions.matching.common_inputs.network.v3.DirectSourceIPInput;
import io.envoyproxy.envoy.extensions.matching.input_matchers.ip.v3.Ip;
import java.util.List;

/** Whether the peer of the socket is inside declared addresses. No header has a say in it. */
final class AddressPredicate {

  static Predicate inside(Origin.Addresses place) {
    var inside = in(place.cidrs());
    if (place.except().isEmpty()) {
      return inside;
    }
    var outside = Predicate.newBuilder().setNotMatcher(in(place.except())).build();
    return Predicate.newBuilder()
        .setAndMatcher(PredicateList.newBuilder().addPredicate(inside).addPredicate(outside))
        .build();
  }

  private static Predicate in(List<String> cidrs) {
    var ranges = Ip.newBuilder().setStatPrefix("callers");
    cidrs.forEach(cidr -> ranges.addCidrRanges(range(cidr)));
    return Predicate.newBuilder()
        .setSinglePredicate(
            SinglePredicate.newBuilder()
                .setInput(
                    Packed.xdsExtension(
                        "direct_source_ip", DirectSourceIPInput.getDefaultInstance()))
                .setCustomMatch(Packed.xdsExtension("ip", ranges.build())))
        .build();
  }

  static CidrRange range(String cidr) {
    var slash = cidr.lastIndexOf('/');
    return CidrRange.newBuilder()
        .setAddressPrefix(cidr.substring(0, slash))
        .setPrefixLen(UInt32Value.of(Integer.parseInt(cidr.substring(slash + 1))))
        .build();
  }

  private AddressPredicate() {}
}
