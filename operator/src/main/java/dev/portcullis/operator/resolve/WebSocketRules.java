package dev.portcullis.operator.resolve;

import static dev.portcullis.operator.resolve.Given.in;

import dev.portcullis.api.v1alpha1.ApiBackendPolicySpec;
import dev.portcullis.api.v1alpha1.BackendSpec;
import dev.portcullis.api.v1alpha1.RouteSpec;
import dev.portcullis.api.v1alpha1.RouteSpec.Method;
import java.util.List;

/** What a route of WebSockets cannot be told. */
final class WebSocketRules {

  static void require(ApiBackendPolicySpec spec, RouteSpec route, At at) {
    if (!route.methods().equals(List.of(Method.GET))) {
      at.field("methods").invalid("Name GET alone: a WebSocket begins with one.");
    }
    if (in(route.limits(), RouteSpec.Limits::requestBody) != null) {
      at.field("limits")
          .field("requestBody")
          .invalid("Remove it: a WebSocket has no body, and what passes is not counted.");
    }
    if (in(spec.backend(), BackendSpec::protocol) == BackendSpec.Protocol.GRPC) {
      at.field("upgrades")
          .invalid("Remove it, or choose another backend.protocol: gRPC has no WebSockets.");
    }
  }

  private WebSocketRules() {}
}
