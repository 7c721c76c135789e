package dev.portcullis.operator.inject;

import dev.portcullis.bootstrap.contract.Capture;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Answers made-up requests before the first real one: cold, an answer takes seconds on a busy
 * machine, and the API server waits for five.
 */
final class Rehearsal {

  private static final int ROUNDS = 50;
  private static final byte[] REVIEW =
      """
      {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
       "request": {"uid": "rehearsal", "namespace": "rehearsal", "operation": "CREATE",
         "object": {"apiVersion": "v1", "kind": "Pod",
           "metadata": {"generateName": "rehearsal-", "labels": {"app": "rehearsal"}},
           "spec": {
             "containers": [{"name": "app", "image": "app",
               "ports": [{"name": "http", "containerPort": 8080}],
               "volumeMounts": [{"name": "data", "mountPath": "/data"}],
               "livenessProbe": {"httpGet": {"path": "/healthz", "port": "http"}},
               "readinessProbe": {"tcpSocket": {"port": 8080}}}],
             "volumes": [{"name": "data", "emptyDir": {}}]}}}}
      """
          .getBytes(StandardCharsets.UTF_8);

  /** Selects every pod. */
  record Everything() implements Plans {

    private static final InjectionPlan PLAN =
        new InjectionPlan(
            "rehearsal", Capture.REDIRECT, 8443, 0, 1, "ECDSAP256", Duration.ofSeconds(1));

    @Override
    public boolean isComplete() {
      return true;
    }

    @Override
    public Optional<String> illegibleIn(String namespace) {
      return Optional.empty();
    }

    @Override
    public Optional<InjectionPlan> planFor(String namespace, Map<String, String> labels) {
      return Optional.of(PLAN);
    }
  }

  private Rehearsal() {}

  /** Returns the last answer. */
  static Admission.Answer of(Injector injector) {
    var admission = new Admission(injector.rehearsing(), new SimpleMeterRegistry());
    for (var round = 1; round < ROUNDS; round++) {
      admission.answer(REVIEW);
    }
    return admission.answer(REVIEW);
  }
}
