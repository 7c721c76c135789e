package dev.portcullis.operator.resolve;

import static dev.portcullis.operator.resolve.Given.in;
import static dev.portcullis.operator.resolve.Given.or;

import dev.portcullis.api.v1alpha1.ApiBackendPolicySpec;
import dev.portcullis.api.v1alpha1.BackendSpec;
import dev.portcullis.api.v1alpha1.CallSpec;
import dev.portcullis.api.v1alpha1.Defaults;
import dev.portcullis.api.v1alpha1.EgressSpec;
import dev.portcullis.api.v1alpha1.ListenerSpec;
import dev.portcullis.operator.intent.BackendKey;
import dev.portcullis.operator.intent.Call;
import dev.portcullis.operator.intent.SpiffeId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * {@code spec.egress.calls}. That a backend is not there is no problem of the policy: the call is
 * answered 503 until it comes, and the gate in front of the application stands all the same.
 */
record CallReader(BackendView view, ApiBackendPolicySpec spec) {

  private static final int FIRST_FREE_PORT = 1024;

  List<Call> read(At at) {
    var calls = or(in(spec.egress(), EgressSpec::calls), List.<CallSpec>of());
    var result = new ArrayList<Call>();
    var taken = portsOfTheGate();
    for (var index = 0; index < calls.size(); index++) {
      result.add(read(calls.get(index), taken, at.item(index)));
    }
    Names.requireUnique(result.stream().map(Call::name).toList(), at);
    return result;
  }

  /** The policies that a policy calls, known or not. */
  static List<BackendKey> calledBy(ApiBackendPolicySpec spec, String namespace) {
    return or(in(spec.egress(), EgressSpec::calls), List.<CallSpec>of()).stream()
        .filter(call -> in(call.backend(), CallSpec.Backend::name) != null)
        .map(call -> key(call.backend(), namespace))
        .distinct()
        .toList();
  }

  private static BackendKey key(CallSpec.Backend backend, String namespace) {
    return new BackendKey(or(backend.namespace(), namespace), backend.name());
  }

  private Set<Integer> portsOfTheGate() {
    var taken = new HashSet<Integer>();
    taken.add(or(in(spec.listener(), ListenerSpec::port), Defaults.LISTENER_PORT));
    taken.add(in(spec.backend(), BackendSpec::port));
    return taken;
  }

  private Call read(CallSpec call, Set<Integer> taken, At at) {
    var patience = new CallPatience(call, at);
    var backend = backend(call, at.field("backend"));
    return new Call(
        Names.read(call.name(), at.field("name")),
        port(call.localPort(), taken, at.field("localPort")),
        backend,
        identities(backend),
        patience.request(),
        patience.connect(),
        patience.retries(),
        patience.ejection(),
        switch (or(call.balancing(), CallSpec.Balancing.valueOf(Defaults.CALL_BALANCING))) {
          case LeastRequest -> Call.Balancing.LEAST_REQUEST;
          case RoundRobin -> Call.Balancing.ROUND_ROBIN;
          case Random -> Call.Balancing.RANDOM;
          case WeightedRoundRobin -> Call.Balancing.WEIGHTED_ROUND_ROBIN;
        });
  }

  private static int port(Integer port, Set<Integer> taken, At at) {
    var read = Ports.read(port, at);
    if (read < FIRST_FREE_PORT) {
      at.invalid("Choose a port of %d or above.", FIRST_FREE_PORT);
    }
    if (!taken.add(read)) {
      at.invalid(
          "Choose another port: %d is the listener's, the backend's or another call's.", read);
    }
    return read;
  }

  private BackendKey backend(CallSpec call, At at) {
    if (in(call.backend(), CallSpec.Backend::name) == null) {
      at.field("name").invalid("Name the policy of the backend that is called.");
      return new BackendKey("", "");
    }
    return key(call.backend(), namespace());
  }

  private List<SpiffeId> identities(BackendKey backend) {
    var trustDomain = view.mesh().trustDomain();
    var neighbour = view.neighbours().get(backend);
    return neighbour != null && neighbour.isKnownTo(namespace(), trustDomain)
        ? neighbour.identities(trustDomain)
        : List.of();
  }

  private String namespace() {
    return view.policy().getMetadata().getNamespace();
  }
}
