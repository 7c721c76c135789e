package dev.portcullis.operator.envoy;

import com.google.protobuf.Struct;
import com.google.protobuf.util.Values;
import dev.portcullis.operator.intent.Epoch;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;

/**
 * Writes the epoch into a filter chain, where Envoy reads it for no purpose but one: a chain that
 * differs is another chain. It takes the new connections at once; those of the old one are told to
 * go, and cut when the proxy's drain time is over.
 */
final class EpochMark {

  private static final String NAMESPACE = "portcullis.epoch";

  /** The first epoch leaves the chain as it is. */
  static void put(Epoch epoch, FilterChain.Builder chain) {
    if (!epoch.equals(Epoch.FIRST)) {
      var mark =
          Struct.newBuilder()
              .putFields("callers", Values.of(epoch.callers()))
              .putFields("authorities", Values.of(epoch.authorities()));
      chain.getMetadataBuilder().putFilterMetadata(NAMESPACE, mark.build());
    }
  }

  private EpochMark() {}
}
