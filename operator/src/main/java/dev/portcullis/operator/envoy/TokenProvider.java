package dev.portcullis.operator.envoy;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.util.JsonFormat;
import com.google.protobuf.util.Values;
import dev.portcullis.operator.intent.TokenIssuer;
import dev.portcullis.operator.intent.TokenIssuer.TokenFate;
import dev.portcullis.operator.intent.VerificationKey;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtCacheConfig;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtClaimToHeader;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtHeader;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtProvider;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtProvider.NormalizePayload;
import java.util.List;
import java.util.Optional;

/** An issuer as Envoy's. */
final class TokenProvider {

  static final String HEADER = "authorization";
  static final String SCHEME = "Bearer ";

  /**
   * Of an issuer whose keys are not known: Envoy would refuse a set without any. Its x is the
   * SHA-256 of {@code portcullis: nobody's key 0}, so nobody knows a private key to it.
   */
  static final VerificationKey NOBODYS =
      new VerificationKey.Ec(
          Optional.of("nobody"),
          "P-256",
          "t0wf8loOdQmrf3hJlx2772vqv5VNk32-XR3ssCu_8YE",
          "NsbR2m5YoM96x1xujVTVCuRx9rFOd1EJ9NgNlXqZPG4");

  /** Claims that RFC 8693 and its relatives write as one text. */
  private static final List<String> SPACE_DELIMITED = List.of("scope", "scp");

  static JwtProvider of(TokenIssuer issuer) {
    var provider =
        JwtProvider.newBuilder()
            .setIssuer(issuer.issuer())
            .addAllAudiences(issuer.audiences())
            .setRequireExpiration(true)
            .setMaxLifetime(ProtoDuration.of(issuer.maximumLifetime()))
            .setLocalJwks(
                DataSource.newBuilder()
                    .setInlineString(
                        keySet(issuer.keys().isEmpty() ? List.of(NOBODYS) : issuer.keys())))
            // Said, since Envoy looks into the query too where nothing is.
            .addFromHeaders(JwtHeader.newBuilder().setName(HEADER).setValuePrefix(SCHEME))
            .setForward(issuer.fate() == TokenFate.FORWARDED)
            .setPayloadInMetadata(issuer.name())
            .setNormalizePayloadInMetadata(
                NormalizePayload.newBuilder().addAllSpaceDelimitedClaims(SPACE_DELIMITED))
            .setJwtCacheConfig(JwtCacheConfig.getDefaultInstance());
    issuer
        .forwardedClaims()
        .forEach(
            (claim, header) ->
                provider.addClaimToHeaders(
                    JwtClaimToHeader.newBuilder().setClaimName(claim).setHeaderName(header)));
    return provider.build();
  }

  private static String keySet(List<VerificationKey> keys) {
    var list = ListValue.newBuilder();
    keys.forEach(key -> list.addValues(Values.of(of(key))));
    var set = Struct.newBuilder().putFields("keys", Values.of(list.build()));
    try {
      return JsonFormat.printer().omittingInsignificantWhitespace().sortingMapKeys().print(set);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a struct can always be printed", e);
    }
  }

  private static Struct of(VerificationKey key) {
    var jwk = Struct.newBuilder().putFields("use", Values.of("sig"));
    key.id().ifPresent(id -> jwk.putFields("kid", Values.of(id)));
    switch (key) {
      case VerificationKey.Rsa(_, var algorithm, var modulus, var exponent) -> {
        algorithm.ifPresent(alg -> jwk.putFields("alg", Values.of(alg)));
        jwk.putFields("kty", Values.of("RSA"))
            .putFields("n", Values.of(modulus))
            .putFields("e", Values.of(exponent));
      }
      case VerificationKey.Ec(_, var curve, var x, var y) ->
          jwk.putFields("kty", Values.of("EC"))
              .putFields("crv", Values.of(curve))
              .putFields("x", Values.of(x))
              .putFields("y", Values.of(y));
      case VerificationKey.Ed25519(_, var x) ->
          jwk.putFields("kty", Values.of("OKP"))
              .putFields("crv", Values.of("Ed25519"))
              .putFields("x", Values.of(x));
    }
    return jwk.build();
  }

  private TokenProvider() {}
}
