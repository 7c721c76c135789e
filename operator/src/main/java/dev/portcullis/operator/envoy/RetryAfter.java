package dev.portcullis.operator.envoy;

import dev.portcullis.operator.intent.Overload;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import java.util.List;

/** When to come back, on the proxy's own 503: to each protocol in its words. */
final class RetryAfter {

  static List<HeaderValueOption> http(Overload overload) {
    return List.of(header("retry-after", overload.retryAfter().toSeconds()));
  }

  /** Clients of gRPC do not read the first; it is there for proxies between. */
  static List<HeaderValueOption> grpc(Overload overload) {
    return List.of(
        header("retry-after", overload.retryAfter().toSeconds()),
        header("grpc-retry-pushback-ms", overload.retryAfter().toMillis()));
  }

  private static HeaderValueOption header(String name, long value) {
    return HeaderValueOption.newBuilder()
        .setHeader(HeaderValue.newBuilder().setKey(name).setValue(Long.toString(value)))
        .setAppendAction(HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD)
        .build();
  }

  private RetryAfter() {}
}
