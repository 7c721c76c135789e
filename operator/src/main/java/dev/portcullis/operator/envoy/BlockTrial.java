package dev.portcullis.operator.envoy;

import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.Blocked;
import dev.portcullis.operator.intent.Cidr;
import java.util.List;
import java.util.Optional;

/** Whether a request comes from no blocked place. */
final class BlockTrial {

  private static final Optional<List<String>> BLOCKED = Optional.empty();

  /** Provisos about the place, under which it does not; empty where it is blocked. */
  static Optional<List<String>> of(SampleRequest request, BackendIntent intent) {
    var cidrs = intent.blocked().map(Blocked::cidrs).orElse(List.of());
    if (cidrs.isEmpty()) {
      return Optional.of(List.of());
    }
    return request
        .address()
        .map(
            address ->
                isIn(Cidr.ofAddress(address), cidrs) ? BLOCKED : Optional.of(List.<String>of()))
        .orElseGet(() -> Optional.of(List.of("it does not come from a blocked address")));
  }

  private static boolean isIn(Cidr host, List<String> cidrs) {
    return cidrs.stream().map(Cidr::parse).anyMatch(cidr -> cidr.contains(host));
  }

  private BlockTrial() {}
}
