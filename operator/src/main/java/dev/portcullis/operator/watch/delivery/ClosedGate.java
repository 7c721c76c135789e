package dev.portcullis.operator.watch.delivery;

import dev.portcullis.bootstrap.contract.SidecarPorts;
import dev.portcullis.operator.intent.Application;
import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.BackendKey;
import dev.portcullis.operator.intent.Headers;
import dev.portcullis.operator.intent.Headers.Edits;
import dev.portcullis.operator.intent.Headers.Hardening;
import dev.portcullis.operator.intent.Inbound;
import dev.portcullis.operator.intent.Inbound.Capture;
import dev.portcullis.operator.intent.Limits;
import dev.portcullis.operator.intent.Mesh;
import dev.portcullis.operator.intent.PodSelector;
import dev.portcullis.operator.intent.Timeouts;
import dev.portcullis.operator.intent.Tls;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a sidecar runs when no policy selects its pod any more: the same gate with no caller and no
 * route, so that every request is refused, and the operator alone may still ask what is served.
 *
 * <p>It is the same for all such pods and holds nothing of the policy that is gone, so an operator
 * that restarts makes the same one again.
 */
final class ClosedGate {

  private static final Duration QUICK = Duration.ofSeconds(10);
  private static final Edits NONE = new Edits(List.of(), Map.of(), Map.of());

  private ClosedGate() {}

  static BackendIntent intent(Mesh mesh, Capture capture) {
    return new BackendIntent(
        new BackendKey("-", "closed"),
        new PodSelector(Map.of(), List.of()),
        new Application(SidecarPorts.PROBE, Application.Protocol.HTTP1, QUICK, Optional.empty()),
        new Inbound(SidecarPorts.CAPTURE, Tls.DEFAULT, capture),
        List.of(),
        List.of(),
        new Limits(8192, 50, 100, QUICK),
        new Timeouts(QUICK, QUICK),
        new Headers(NONE, NONE, Hardening.HARDENED),
        mesh);
  }
}
