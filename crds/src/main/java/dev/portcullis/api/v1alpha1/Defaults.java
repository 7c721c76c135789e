package dev.portcullis.api.v1alpha1;

/** What an absent field means. The schema applies it, and {@code resolve} applies it again. */
public final class Defaults {

  public static final String MODE = "Enforce";

  public static final String PROTOCOL = "HTTP";
  public static final String HEALTH_PATH = "/healthz";
  public static final String HEALTH_INTERVAL = "5s";
  public static final String HEALTH_TIMEOUT = "1s";
  public static final int UNHEALTHY_THRESHOLD = 3;

  public static final int LISTENER_PORT = 8443;
  public static final int STREAMS = 2000;
  public static final String TLS_MIN_VERSION = "1.3";
  public static final String TLS_PROFILE = "Standard";

  public static final String RATE_SCOPE = "Pod";
  public static final String RATE_INTERVAL = "1s";
  public static final int RATE_BURST = 0;
  public static final int TRACKED_CLIENTS = 10_000;

  public static final String TOKEN_LIFETIME = "24h";
  public static final String KEYS_REFRESH = "5m";
  public static final boolean FORWARD_TOKEN = false;
  public static final String API_KEY_HEADER = "x-api-key";
  public static final boolean FORWARD_KEY = false;
  public static final String REQUIRE = "AnyOf";

  public static final String REQUEST_BODY = "2Mi";
  public static final String REQUEST_HEADERS = "32Ki";
  public static final int HEADER_COUNT = 100;
  public static final int CONNECTIONS = 10_000;
  public static final String CONNECTION_LIFETIME = "1h";

  public static final int APP_CONNECTIONS = 1024;
  public static final int APP_PENDING = 1024;
  public static final int APP_REQUESTS = 1024;
  public static final int APP_WEB_SOCKETS = 1024;
  public static final String APP_CONNECTION_IDLE = "4s";
  public static final int BREAKER_PERCENTILE = 95;
  public static final String BREAKER_OPEN = "10s";
  public static final String RETRY_AFTER = "2s";

  public static final String REQUEST_TIMEOUT = "15s";
  public static final String IDLE_TIMEOUT = "60s";
  public static final String REQUEST_HEADERS_TIMEOUT = "10s";
  public static final String CONNECT_TIMEOUT = "1s";
  public static final String REVOCATION = "30s";

  public static final String LOGGED_SHARE = "0%";
  public static final int LINES_PER_SECOND = 20;

  public static final int CALL_ATTEMPTS = 2;
  public static final String CALL_METHODS = "Safe";
  public static final int CALL_BUDGET = 20;
  public static final int CALL_FAILURES = 5;
  public static final String CALL_EJECTION = "30s";
  public static final int CALL_EJECTED_PERCENT = 50;
  public static final String REPORT_LOAD = "false";
  public static final String CALL_BALANCING = "LeastRequest";

  public static final boolean HARDENED = true;
  public static final String CAPTURE = "Redirect";

  public static final String CA_KEY = "ca.crt";
  public static final String CRL_KEY = "ca.crl";

  public static final String OPENAPI_KEY = "openapi.yaml";

  public static final String DESCRIPTORS_KEY = "descriptors.pb";
  public static final String RESPONSE_BODY = "4Mi";
  public static final String FIELD_NAMES = "LowerCamel";
  public static final String UNSET_FIELDS = "Omit";

  public static final String KEY_TYPE = "ECDSAP256";

  private Defaults() {}
}
