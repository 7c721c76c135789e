package dev.portcullis.operator.intent;

import java.util.List;

/**
 * Headers in which a client claims something about callers, about itself, or about the method and
 * path that it really means. The gate takes all of them away before anything looks at a request.
 */
public final class ClaimedHeaders {

  public static final List<String> PREFIXES = List.of("x-envoy-", "x-forwarded-", "x-portcullis-");

  public static final List<String> NAMES =
      List.of(
          "client-ip",
          "forwarded",
          "true-client-ip",
          "x-client-ip",
          "x-cluster-client-ip",
          "x-http-method",
          "x-http-method-override",
          "x-method-override",
          "x-original-host",
          "x-original-url",
          "x-real-ip",
          "x-rewrite-url");

  /** Whether a request never has this header, given in lower case. */
  public static boolean contain(String name) {
    return NAMES.contains(name) || PREFIXES.stream().anyMatch(name::startsWith);
  }

  private ClaimedHeaders() {}
}
