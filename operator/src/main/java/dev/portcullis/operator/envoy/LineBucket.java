package dev.portcullis.operator.envoy;

import com.google.protobuf.UInt32Value;
import dev.portcullis.operator.envoy.schema.processratelimit.DynamicTokenBucket;
import dev.portcullis.operator.envoy.schema.processratelimit.ProcessRateLimitFilter;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLogFilter;
import io.envoyproxy.envoy.config.accesslog.v3.ExtensionFilter;
import io.envoyproxy.envoy.type.v3.TokenBucket;
import java.time.Duration;

/**
 * So many lines a second of a whole sidecar, where {@link LogBound} has no program: of each kind as
 * many, so that a flood of one hides nothing of another.
 *
 * <p>Envoy asks the stream for the bucket by its name, and keeps a listener back until it is there.
 * So it is the same for every policy, and {@code xds} answers it to whoever asks, whatever else is
 * known of it.
 */
public enum LineBucket {
  /** Of connections that never became a request. */
  CONNECTIONS("lines-of-connections"),
  /** Of requests that ended without an answer of status 400 or above. */
  REQUESTS("lines-of-requests"),
  /** Of the application's own calls. */
  CALLS("lines-of-calls");

  /** A second: enough to see what goes on, too few to fill a disk by. */
  static final int LINES = 20;

  private final String resource;

  LineBucket(String resource) {
    this.resource = resource;
  }

  /** The name under which a proxy asks for it. */
  public String resource() {
    return resource;
  }

  /** What a proxy is answered. */
  public TokenBucket bucket() {
    return TokenBucket.newBuilder()
        .setMaxTokens(LINES)
        .setTokensPerFill(UInt32Value.of(LINES))
        .setFillInterval(ProtoDuration.of(Duration.ofSeconds(1)))
        .build();
  }

  /** Takes a token for each line that it is asked about: to be asked last. */
  AccessLogFilter within() {
    var dynamic =
        DynamicTokenBucket.newBuilder().setResourceName(resource).setConfigSource(AdsSource.CONFIG);
    var filter = ProcessRateLimitFilter.newBuilder().setDynamicConfig(dynamic).build();
    return AccessLogFilter.newBuilder()
        .setExtensionFilter(
            ExtensionFilter.newBuilder()
                .setName("envoy.access_loggers.extension_filters.process_ratelimit")
                .setTypedConfig(Packed.any(filter)))
        .build();
  }
}
