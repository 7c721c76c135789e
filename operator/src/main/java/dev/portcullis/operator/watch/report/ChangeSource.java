package dev.portcullis.operator.watch.report;

import dev.portcullis.operator.intent.BackendKey;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;

/**
 * Brings what the replica knows anyway (pods, deliveries, measurements) to the reconciler, so that
 * no second informer has to watch it.
 */
final class ChangeSource extends SimpleInboundEventSource<StoredPolicy> {

  ChangeSource() {
    super("changes");
  }

  /** Without effect unless the source runs. */
  void changed(BackendKey policy) {
    if (isRunning()) {
      propagateEvent(new ResourceID(policy.name(), policy.namespace()));
    }
  }
}
