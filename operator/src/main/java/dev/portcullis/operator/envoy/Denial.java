package dev.portcullis.operator.envoy;

import dev.portcullis.operator.intent.BackendIntent;
import java.util.Arrays;
import java.util.Optional;

/**
 * What of the gate refused a request: the first word of the id that the refusal carries. The order
 * counts, the first whose sign a refusal shows is its layer.
 *
 * <p>Envoy says it in the details of the response code, and of its own scripts in what they left
 * behind; a sign is an expression of Envoy's over these. They are looked at for refusals alone.
 */
public enum Denial {
  BLOCKED(
      "blocked",
      Signs.BLOCKED,
      "The address that the caller connects from is blocked, whoever the caller is.",
      "The line of the access log says which list has it; take it out of spec.blockedCidrs."),
  CERTIFICATE(
      "certificate",
      Signs.RBAC + " && " + Signs.certificateEnded(),
      "The caller's certificate ended while its connection was open.",
      "Have the caller connect anew with its renewed certificate; a sidecar of Portcullis does so."),
  CLAIMS(
      "claims",
      Signs.RBAC
          + " && (response.code_details.endsWith(':token]')"
          + " || response.code_details.endsWith(':key]')"
          + " || response.code_details.endsWith(':token-or-key]'))",
      "The token or key is good, but not for this route: its issuer, claims or client are not those"
          + " that authentication of the route names, or it shows none.",
      "Compare the route's authentication with the token's claims, or with the key's client."),
  CALLERS(
      "callers",
      Signs.RBAC,
      "The caller's certificate is good, but its identity, or the address that it calls from, is not"
          + " among the route's callers.",
      "Name it in spec.callers, and in the route's callers where the route has a list of its own."),
  TOKEN(
      "token",
      "response.code_details.startsWith('jwt_authn_access_denied')",
      "There is no JSON Web Token, or it is expired, not yet valid, of another issuer or audience, or"
          + " its signature is of no key that the issuer publishes.",
      "The line of the access log says which; get a new token."),
  BREAKER(
      "breaker",
      Signs.LUA + " && " + Signs.leftBehind(FilterNames.LATENCY_BREAKER),
      "The application was too slow of late, and gets a pause.",
      "Come back after Retry-After; see spec.backend.breaker, and why the application is slow."),
  KEY(
      "key",
      Signs.LUA,
      "There is no API key, or more than one, or one that no client has.",
      "Show one key of the policy's Secrets in the header of spec.authentication.apiKeys."),
  RATE(
      "rate",
      "response.code_details == 'local_rate_limited'",
      "One of the rate limits that count this route's requests is used up; RateLimit-Policy names"
          + " those that were asked.",
      "Come back after Retry-After, or raise the limit in rateLimits."),
  STORE(
      "store",
      Signs.STORE,
      "A rate limit of scope Fleet could not be counted: the installation's rate limit service, or"
          + " its store, did not answer.",
      "Come back after Retry-After; see the pods of portcullis-rate-limit, and onOutage of the limit."),
  BODY(
      "body",
      "response.code == 413",
      "The body is larger than limits.requestBody of the route.",
      "Send less, or raise the limit."),
  METHOD(
      "method",
      Signs.endpoint("wrong-method"),
      "The path is known, under other methods; Allow names them.",
      "Use one of them, or name the method in a route."),
  MEDIA_TYPE(
      "media-type",
      Signs.endpoint("wrong-media-type"),
      "The operation is documented with other media types, or with a body.",
      "Send Content-Type as the API document has it."),
  UPGRADE(
      "upgrade",
      Signs.endpoint("no-handshake") + " || response.code_details == 'upgrade_failed'",
      "A WebSocket where the route takes none, or something else where it takes nothing but them.",
      "See upgrades of the route."),
  PATH(
      "path",
      "response.code == 404",
      "No route of the policy has this path, or it has more than one reading.",
      "Name it in spec.routes or in the API document; routes are compared after normalisation."),
  TRANSCODING(
      "transcoding",
      "response.code_details.startsWith('grpc_json_transcode')",
      "The JSON is not what the method's message takes.",
      "Compare it with the descriptor set: unknown fields and query parameters are refused."),
  HEADERS(
      "headers",
      "response.code == 431",
      "The headers are more or larger than limits.headerCount or limits.requestHeaders.",
      "Send less, or raise the limit."),
  MALFORMED(
      "malformed",
      "response.code == 400 || response.code == 501",
      "The request is not well-formed, or could be read in two ways: a name with '_', two lengths, an"
          + " escaped slash.",
      "The line of the access log says which."),
  TIMEOUT(
      "timeout",
      "response.code == 408 || response.code == 504",
      "The caller or the application took longer than timeouts allow.",
      "See spec.timeouts and timeouts of the route."),
  OVERLOAD(
      "overload",
      "response.code_details.contains('overflow') || response.code_details.contains('overload')",
      "The application has as many connections or requests as backend.limits allow, or the sidecar's"
          + " memory is full.",
      "Come back after Retry-After; see spec.backend.limits and the sidecar's memory."),
  APPLICATION(
      "application",
      "response.code >= 500",
      "The application could not be reached, or broke off.",
      "See the application's own log, and its health check."),
  GATE(
      "gate",
      "",
      "The gate refused for a reason that has no word of its own.",
      "The line of the access log says which."),
  HANDSHAKE(
      "handshake",
      Signs.NO_REPLY,
      "No TLS connection came about: no certificate, one that nobody vouches for, or one that ended.",
      "The line of the access log says which. It has no reply, for there was no request."),
  CONNECTION(
      "connection",
      Signs.NO_REPLY,
      "The connection was closed before a request: too many, or around the redirect.",
      "The line of the access log says which. It has no reply, for there was no request.");

  private final String word;
  private final String sign;
  private final String meaning;
  private final String remedy;

  Denial(String word, String sign, String meaning, String remedy) {
    this.word = word;
    this.sign = sign;
    this.meaning = meaning;
    this.remedy = remedy;
  }

  /** In ids, logs and metrics. */
  public String word() {
    return word;
  }

  /** What happened, as a sentence. */
  public String meaning() {
    return meaning;
  }

  /** What to do about it, as a sentence. */
  public String remedy() {
    return remedy;
  }

  /** The one with that {@link #word}; empty for any other text. */
  public static Optional<Denial> of(String word) {
    return Arrays.stream(values()).filter(each -> each.word.equals(word)).findFirst();
  }

  /**
   * Envoy's expression for the word of whatever refused a request. Without brackets: Envoy takes 32
   * of them within each other. Policies without a store, or without blocked places, have none of
   * their signs.
   */
  static String wordOfRefusal(BackendIntent intent) {
    var rest =
        Arrays.stream(values())
            .filter(each -> !each.sign.equals(Signs.NO_REPLY) && each != GATE && each != STORE)
            .filter(each -> each != BLOCKED || intent.blocked().isPresent())
            .toList()
            .reversed()
            .stream()
            .reduce(
                quoted(GATE.word),
                (others, each) -> "%s ? %s : %s".formatted(each.sign, quoted(each.word), others),
                (one, other) -> one);
    return intent.outages().findAny().isEmpty()
        ? rest
        : "%s ? %s : %s ? %s : %s"
            .formatted(STORE.sign, quoted(STORE.word), Signs.STORED, quoted(RATE.word), rest);
  }

  private static String quoted(String word) {
    return "'" + word + "'";
  }

  private static final class Signs {

    static final String BLOCKED =
        "response.code_details.startsWith('rbac_access_denied_matched_policy[%s')"
            .formatted(BlockedPlaces.RULE);
    static final String RBAC = "response.code_details.startsWith('rbac_access_denied')";
    static final String NO_REPLY = "false";
    static final String STORE = "response.code_details == 'rate_limiter_error'";
    static final String STORED = "response.code_details == 'request_rate_limited'";
    static final String LUA = "response.code_details == 'lua_response'";

    static String leftBehind(String filter) {
      return "'%s' in metadata.filter_metadata".formatted(filter);
    }

    static String endpoint(String kind) {
      return "(response.code_details == 'direct_response' && xds.route_name.startsWith('portcullis:%s'))"
          .formatted(kind);
    }

    /** As {@link CertificateExpiry} asks, whose refusal names no rule. */
    static String certificateEnded() {
      return "response.code_details.endsWith('[none]') && !('%1$s' in request.headers"
              .formatted(CertificateExpiry.HEADER)
          + " && request.time < timestamp(request.headers['%1$s']))"
              .formatted(CertificateExpiry.HEADER);
    }
  }
}
