package dev.portcullis.operator.resolve;

import static dev.portcullis.operator.resolve.Given.in;
import static dev.portcullis.operator.resolve.Given.or;

import dev.portcullis.api.v1alpha1.ApiBackendPolicySpec;
import dev.portcullis.api.v1alpha1.Defaults;
import dev.portcullis.api.v1alpha1.Mode;
import dev.portcullis.api.v1alpha1.RouteSpec;
import dev.portcullis.api.v1alpha1.TimeoutsSpec;
import dev.portcullis.operator.intent.Route;
import dev.portcullis.operator.intent.Shadow;
import java.util.List;
import java.util.Optional;

/** {@code spec.mode} and those of the routes. */
record ShadowReader(ApiBackendPolicySpec spec) {

  /**
   * @param routes all of them, those of a document behind the policy's own
   */
  Optional<Shadow> read(List<Route> routes, At at) {
    var shadowed = routes.stream().map(Route::name).filter(this::isShadowed).toList();
    return switch (or(spec.mode(), Mode.valueOf(Defaults.MODE))) {
      case Enforce ->
          shadowed.isEmpty() ? Optional.empty() : Optional.of(new Shadow.OfRoutes(shadowed));
      case Shadow -> {
        var request = or(in(spec.timeouts(), TimeoutsSpec::request), Defaults.REQUEST_TIMEOUT);
        var timeout = Amounts.duration(at.field("timeouts").field("request"), request);
        yield Optional.of(new Shadow.OfPolicy(shadowed, timeout));
      }
    };
  }

  /** A route of a document has no mode of its own. */
  private boolean isShadowed(String name) {
    return spec.routes().stream()
            .filter(route -> name.equals(route.name()))
            .findFirst()
            .map(RouteSpec::mode)
            .or(() -> Optional.ofNullable(spec.mode()))
            .orElse(Mode.valueOf(Defaults.MODE))
        == Mode.Shadow;
  }
}
