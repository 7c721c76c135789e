package dev.portcullis.operator.whole;

import dev.portcullis.operator.OperatorConfig;
import dev.portcullis.operator.Portcullis;
import dev.portcullis.operator.apiserver.ApiServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.Map;

/** One replica of the operator in this JVM. */
record Replica(Portcullis portcullis, SimpleMeterRegistry registry, KubernetesClient client)
    implements AutoCloseable {

  static final String NAMESPACE = "portcullis-system";
  static final String IDENTITY = "spiffe://cluster.local/ns/portcullis-system/sa/portcullis";

  /** Returns once it serves. */
  static Replica start(String instance, Map<String, String> settings) throws InterruptedException {
    return start(instance, settings, ApiServer.admin());
  }

  /** The same, on the API server of this client. */
  static Replica start(String instance, Map<String, String> settings, KubernetesClient client)
      throws InterruptedException {
    var registry = new SimpleMeterRegistry();
    var replica =
        new Replica(new Portcullis(config(instance, settings), client, registry), registry, client);
    replica.portcullis.start();
    return replica;
  }

  boolean leads() {
    return registry.get("portcullis.leader").gauge().value() == 1;
  }

  @Override
  public void close() {
    portcullis.close();
    client.close();
  }

  private static OperatorConfig config(String instance, Map<String, String> settings) {
    var values = new HashMap<String, String>();
    values.put("portcullis.namespace", NAMESPACE);
    values.put("portcullis.instance", instance);
    values.put("portcullis.xds.address", "portcullis.portcullis-system.svc.cluster.local:18000");
    values.put("portcullis.lease.duration", "5s");
    values.put("portcullis.lease.renew-deadline", "3s");
    values.put("portcullis.lease.retry", "500ms");
    values.putAll(settings);
    return new SmallRyeConfigBuilder()
        .addDefaultInterceptors()
        .addDiscoveredConverters()
        .withMapping(OperatorConfig.class)
        .withDefaultValues(values)
        .build()
        .getConfigMapping(OperatorConfig.class);
  }
}
