package dev.portcullis.operator.envoy;

import com.google.protobuf.Struct;
import com.google.protobuf.util.Values;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;

/**
 * Which generation of the policy a request was judged by, for the access log. It is written beside
 * the routes, so that an edit drains no connection; what is refused before a route is looked up
 * does not have it.
 */
final class PolicyGeneration {

  /** In access logs. */
  static final String IN_FORCE = "%METADATA(VIRTUAL_HOST:portcullis.policy:generation)%";

  /** Of an intent that no stored policy asks for. */
  static final long NONE = 0;

  private static final String NAMESPACE = "portcullis.policy";

  static void put(long generation, VirtualHost.Builder host) {
    if (generation != NONE) {
      var mark = Struct.newBuilder().putFields("generation", Values.of(generation));
      host.getMetadataBuilder().putFilterMetadata(NAMESPACE, mark.build());
    }
  }

  private PolicyGeneration() {}
}
