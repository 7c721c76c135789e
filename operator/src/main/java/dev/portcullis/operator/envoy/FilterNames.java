package dev.portcullis.operator.envoy;

/**
 * Names of the HTTP filters, which are also the keys of the configuration that routes hold for
 * them. Envoy silently ignores a key that names no filter of the chain.
 */
final class FilterNames {

  static final String LISTENER_VERSION = "portcullis.listener_version";
  static final String RESPONSE_HEADERS = "portcullis.response_headers";
  static final String FOREIGN_DENIAL = "portcullis.foreign_denial";
  static final String LOG_BOUND = "portcullis.log_bound";
  static final String ALLOWED_LOG = "portcullis.allowed_log";
  static final String BLOCKED_CIDRS = "portcullis.blocked_cidrs";
  static final String CERTIFICATE_EXPIRY = "portcullis.certificate_expiry";
  static final String TRANSCODER = "portcullis.transcoder";
  static final String CALLER_RBAC = "portcullis.caller_rbac";
  static final String CLAIM_HEADERS = "portcullis.claim_headers";
  static final String API_KEYS = "portcullis.api_keys";
  static final String TOKEN_ISSUERS = "portcullis.token_issuers";
  static final String TOKEN_CHECK = "portcullis.token_check";
  static final String PROOF_RBAC = "portcullis.token_rbac";
  static final String ROUTE_RATE_LIMIT = "portcullis.route_rate_limit";
  static final String BACKEND_RATE_LIMIT = "portcullis.backend_rate_limit";
  static final String SHADOW_RATE_LIMIT = "portcullis.shadow_rate_limit";
  static final String STORED_RATE_LIMIT = "portcullis.stored_rate_limit";
  static final String LENIENT_RATE_LIMIT = "portcullis.lenient_rate_limit";
  static final String BODY_LIMIT = "portcullis.body_limit";
  static final String SHADOW = "portcullis.shadow";
  static final String ALLOWED_SAMPLE = "portcullis.allowed_sample";
  static final String LATENCY_BREAKER = "portcullis.latency_breaker";
  static final String LOAD_REPORT = "portcullis.load_report";
  static final String REQUEST_HEADERS = "portcullis.request_headers";
  static final String OUTSIDE_CALLER = "portcullis.outside_caller";
  static final String ROUTER = "portcullis.router";

  /** Each entrance from outside has its own filter: no other's rules are looked at there. */
  static String outsideRbac(Entrance.FromOutside entrance) {
    return "portcullis.caller_rbac." + entrance.name();
  }

  private FilterNames() {}
}
