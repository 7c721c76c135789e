package dev.portcullis.operator;

import dev.portcullis.bootstrap.contract.KeyDelivery;
import dev.portcullis.bootstrap.contract.Metrics;
import dev.portcullis.operator.inject.Injector;
import dev.portcullis.operator.inject.Plans;
import dev.portcullis.operator.inject.SidecarTemplate;
import dev.portcullis.operator.inject.WebhookServer;
import dev.portcullis.operator.intent.Mesh;
import io.fabric8.kubernetes.api.model.Quantity;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.X509ExtendedKeyManager;

/** Settings -> the injector and the webhook around it. */
record Injection(OperatorConfig config, Mesh mesh, KeyDelivery keys) {

  Injector injector(Plans plans) {
    return new Injector(plans, template());
  }

  WebhookServer webhook(Injector injector, X509ExtendedKeyManager keys, MeterRegistry registry) {
    return new WebhookServer(config.webhook().port(), keys, injector, registry);
  }

  private SidecarTemplate.Credentials credentials() {
    return switch (keys) {
      case KUBELET -> new SidecarTemplate.Credentials.Mounted(config.leafLifetime());
      case STREAM -> new SidecarTemplate.Credentials.Streamed();
    };
  }

  private SidecarTemplate template() {
    var images = config.images();
    var proxy = config.proxy();
    var limits = new HashMap<>(Map.of("memory", new Quantity(proxy.memoryLimit())));
    proxy.cpuLimit().ifPresent(cpu -> limits.put("cpu", new Quantity(cpu)));
    var requests =
        Map.of(
            "cpu", new Quantity(proxy.cpuRequest()), "memory", new Quantity(proxy.memoryRequest()));
    return new SidecarTemplate(
        new SidecarTemplate.Images(images.bootstrap(), images.envoy(), images.pullPolicy()),
        new SidecarTemplate.Proxy(proxy.concurrency(), requests, limits),
        new SidecarTemplate.Operator(config.xds().address(), mesh.operator().uri()),
        credentials(),
        mesh.scrapers().isEmpty() ? Metrics.CLOSED : Metrics.OPEN);
  }
}
