package dev.portcullis.operator.inject;

import dev.portcullis.bootstrap.contract.Capture;
import dev.portcullis.bootstrap.contract.KeyDelivery;
import dev.portcullis.bootstrap.contract.Metrics;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** An installation and its policies, for tests. */
public final class Templates {

  static final Duration REVOCATION = Duration.ofSeconds(30);

  static final SidecarTemplate TEMPLATE =
      new SidecarTemplate(
          new SidecarTemplate.Images(
              "portcullis/sidecar-bootstrap:test", "envoyproxy/envoy:test", "IfNotPresent"),
          new SidecarTemplate.Proxy(
              2,
              Map.of("cpu", new Quantity("50m"), "memory", new Quantity("64Mi")),
              Map.of("memory", new Quantity("256Mi"))),
          new SidecarTemplate.Operator(
              "portcullis-operator.portcullis-system.svc.cluster.local:18000",
              "spiffe://cluster.local/ns/portcullis-system/sa/portcullis-operator"),
          new SidecarTemplate.Credentials.Mounted(Duration.ofHours(24)),
          Metrics.CLOSED);

  public static final InjectionPlan REDIRECT =
      new InjectionPlan("orders", Capture.REDIRECT, 8443, 0, 10_000, "ECDSAP256", REVOCATION);
  static final InjectionPlan NONE =
      new InjectionPlan("orders", Capture.NONE, 8443, 0, 10_000, "ECDSAP256", REVOCATION);

  private Templates() {}

  /** An injector on which this plan is for every pod of {@code app: orders}. */
  public static Injector injector(InjectionPlan plan) {
    return new Injector(forOrders(plan), TEMPLATE);
  }

  /** The same in an installation whose pods get their keys so, and whose metrics are so. */
  static Injector injector(InjectionPlan plan, KeyDelivery keys, Metrics metrics) {
    var credentials =
        switch (keys) {
          case KUBELET -> TEMPLATE.credentials();
          case STREAM -> new SidecarTemplate.Credentials.Streamed();
        };
    return new Injector(
        forOrders(plan),
        new SidecarTemplate(
            TEMPLATE.images(), TEMPLATE.proxy(), TEMPLATE.xds(), credentials, metrics));
  }

  static Plans forOrders(InjectionPlan plan) {
    return new Plans() {
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
        return Optional.of(plan).filter(any -> "orders".equals(labels.get("app")));
      }
    };
  }
}
