package dev.portcullis.operator.watch.report;

import dev.portcullis.operator.intent.BackendKey;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.ConcurrentHashMap;

/** How many sidecars are not those that new pods get, as the reports of this term tell. */
final class OutdatedSidecars {

  private final ConcurrentHashMap<BackendKey, Integer> counts = new ConcurrentHashMap<>();

  OutdatedSidecars(MeterRegistry registry) {
    Gauge.builder("portcullis.sidecars.outdated", this, OutdatedSidecars::sum)
        .description("Pods whose sidecar is not the one that a new pod would get")
        .register(registry);
  }

  void reported(BackendKey policy, int count) {
    counts.put(policy, count);
  }

  void forget(BackendKey policy) {
    counts.remove(policy);
  }

  void clear() {
    counts.clear();
  }

  private int sum() {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }
}
