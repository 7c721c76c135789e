package dev.portcullis.operator.envoy;

import dev.portcullis.operator.intent.Caller;
import dev.portcullis.operator.intent.Caller.Origin;
import dev.portcullis.operator.intent.Cidr;
import java.util.List;
import java.util.Optional;

/** Whether a request comes from one of a route's callers. */
final class CallerTrial {

  private static final Optional<List<String>> NOWHERE = Optional.empty();

  /** Provisos about the place, under which it does; empty where it does not. */
  static Optional<List<String>> of(SampleRequest request, List<Caller> callers) {
    return callers.stream()
        .filter(caller -> isNamed(request.caller(), caller))
        .flatMap(caller -> fromPlace(request, caller.origin()).stream())
        .min((one, other) -> Integer.compare(one.size(), other.size()));
  }

  private static boolean isNamed(String shown, Caller caller) {
    return caller.identities().stream().anyMatch(id -> id.uri().equals(shown))
        || caller.outside().stream()
            .flatMap(outside -> outside.names().stream())
            .anyMatch(name -> name.toString().equals(shown));
  }

  private static Optional<List<String>> fromPlace(SampleRequest request, Origin origin) {
    return switch (origin) {
      case Origin.Anywhere() -> Optional.of(List.of());
      case Origin.Pods(_, _) -> Optional.of(List.of("the NetworkPolicy lets the caller's pod in"));
      case Origin.LocalPods(_) ->
          Optional.of(List.of("the NetworkPolicy lets the caller's pod in"));
      case Origin.Addresses addresses ->
          request
              .address()
              .map(address -> isIn(address, addresses) ? Optional.of(List.<String>of()) : NOWHERE)
              .orElseGet(
                  () ->
                      Optional.of(
                          List.of("it comes from " + String.join(", ", addresses.cidrs()))));
    };
  }

  private static boolean isIn(String address, Origin.Addresses place) {
    var host = Cidr.ofAddress(address);
    return place.cidrs().stream().map(Cidr::parse).anyMatch(cidr -> cidr.contains(host))
        && place.except().stream().map(Cidr::parse).noneMatch(cidr -> cidr.contains(host));
  }

  private CallerTrial() {}
}
