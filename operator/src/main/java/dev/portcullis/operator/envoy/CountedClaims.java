package dev.portcullis.operator.envoy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.portcullis.operator.intent.BackendIntent;
import io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtClaimToHeader;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * What of checked tokens requests are counted by, written into headers: Envoy counts by metadata
 * that is text, and a claim may be a number or a list. No client reaches headers of these names,
 * and the application sees none.
 */
final class CountedClaims {

  /** Two issuers may give one name to two people. */
  static final String ISSUER = "x-portcullis-issuer";

  /** Headers know no capitals, claims do. */
  static String header(String claim) {
    return "x-portcullis-claim-" + HexFormat.of().formatHex(claim.getBytes(US_ASCII));
  }

  static List<JwtClaimToHeader> toHeaders(BackendIntent intent) {
    var claims = intent.countedClaims();
    return claims.isEmpty()
        ? List.of()
        : Stream.concat(
                Stream.of(told("iss", ISSUER)),
                claims.stream().map(claim -> told(claim, header(claim))))
            .toList();
  }

  static List<HeaderMutation> removed(BackendIntent intent) {
    return toHeaders(intent).stream()
        .map(JwtClaimToHeader::getHeaderName)
        .map(HeaderEdits::remove)
        .toList();
  }

  private static JwtClaimToHeader told(String claim, String header) {
    return JwtClaimToHeader.newBuilder().setClaimName(claim).setHeaderName(header).build();
  }

  private CountedClaims() {}
}
