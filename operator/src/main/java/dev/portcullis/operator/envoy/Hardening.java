package dev.portcullis.operator.envoy;

import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import java.util.List;

/** The hardened set of response headers. */
final class Hardening {

  /** What tells an attacker which software answers. */
  static final List<String> REMOVED = List.of("server", "x-powered-by");

  static final List<HeaderValueOption> SET =
      List.of(
          overwrite("content-security-policy", "default-src 'self'"),
          overwrite("strict-transport-security", "max-age=31536000; includeSubDomains"),
          overwrite("x-content-type-options", "nosniff"),
          overwrite("x-frame-options", "DENY"));

  private static HeaderValueOption overwrite(String name, String value) {
    return HeaderValueOption.newBuilder()
        .setHeader(HeaderValue.newBuilder().setKey(name).setValue(value))
        .setAppendAction(HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD)
        .build();
  }

  private Hardening() {}
}
