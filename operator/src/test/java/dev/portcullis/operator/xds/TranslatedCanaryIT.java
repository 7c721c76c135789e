package dev.portcullis.operator.xds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.bootstrap.command.Canary;
import dev.portcullis.bootstrap.contract.SidecarEnv;
import dev.portcullis.bootstrap.render.Layout;
import dev.portcullis.operator.envoy.EnvoyResources;
import dev.portcullis.operator.envoy.EnvoyTranslator;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.intent.Application;
import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.BackendKey;
import dev.portcullis.operator.intent.Caller;
import dev.portcullis.operator.intent.Headers;
import dev.portcullis.operator.intent.Inbound;
import dev.portcullis.operator.intent.Limits;
import dev.portcullis.operator.intent.Mesh;
import dev.portcullis.operator.intent.PathMatch;
import dev.portcullis.operator.intent.PodSelector;
import dev.portcullis.operator.intent.RateLimit;
import dev.portcullis.operator.intent.Route;
import dev.portcullis.operator.intent.SpiffeId;
import dev.portcullis.operator.intent.Timeouts;
import dev.portcullis.operator.intent.Tls;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a policy becomes passes the canary as its init container prepares it. */
class TranslatedCanaryIT {

  @TempDir Path directory;

  private final Operator operator =
      Operator.start(new Operator.Cluster(), 0, Duration.ofMinutes(5));
  private RunningEnvoy canary;

  @BeforeEach
  void prepareAndStart() throws Exception {
    var port = Integer.toString(operator.server.canaryPort());
    var layout = new Layout(directory, directory, directory, directory);
    new Canary(Map.of(SidecarEnv.CANARY_PORT, port), layout).run();
    var bootstrap = Bootstrap.parseFrom(Files.readAllBytes(layout.envoyBootstrap()));
    canary = RunningEnvoy.start(bootstrap, directory);
  }

  @AfterEach
  void stop() {
    canary.close();
    operator.close();
  }

  @ParameterizedTest
  @EnumSource(Inbound.Capture.class)
  void aTranslatedPolicyPassesAndABrokenOneDoesNot(Inbound.Capture capture) throws Exception {
    // Given
    var good = new MovedFiles(directory).in(new EnvoyTranslator().translate(intent(capture)));
    // When
    var outcome = operator.publish("shop/orders/" + capture, good);
    var broken = operator.publish("shop/orders/" + capture, RefusedByEnvoy.of(good));
    // Then
    assertThat(outcome).isEqualTo(new PublishOutcome.Published(good.version()));
    assertThat(broken)
        .isInstanceOfSatisfying(
            PublishOutcome.Rejected.class,
            rejected -> assertThat(rejected.message()).contains("same matching rules"));
    assertThat(operator.counted("portcullis.canary.nacks")).isEqualTo(1);
  }

  @Test
  void overQuicTooAPolicyPassesAndABrokenOneDoesNot() throws Exception {
    // Given
    var http3 = Intents.http3(new Inbound.Http3(Optional.empty()));
    var intent = http3.apply(intent(Inbound.Capture.REDIRECT));
    var good = new MovedFiles(directory).in(new EnvoyTranslator().translate(intent));
    // When
    var outcome = operator.publish("shop/orders", good);
    var broken = operator.publish("shop/orders", brokenOverQuic(good));
    // Then
    assertThat(outcome).isEqualTo(new PublishOutcome.Published(good.version()));
    assertThat(broken)
        .isInstanceOfSatisfying(
            PublishOutcome.Rejected.class,
            rejected -> assertThat(rejected.message()).contains("same matching rules"));
  }

  private static EnvoyResources brokenOverQuic(EnvoyResources good) {
    var twice = good.http3().orElseThrow().toBuilder();
    twice.addFilterChains(twice.getFilterChains(0).toBuilder().setName("again"));
    return new EnvoyResources(
        good.version() + "-broken",
        good.listener(),
        Optional.of(twice.build()),
        good.routes(),
        good.clusters(),
        good.calls());
  }

  private static BackendIntent intent(Inbound.Capture capture) {
    var edge =
        new Caller(
            "edge",
            new Caller.Origin.Anywhere(),
            List.of(new SpiffeId("spiffe://mesh.example/ns/ingress/sa/edge")));
    var perAddress =
        new RateLimit(
            "per-address",
            Intents.PER_ADDRESS,
            50,
            Duration.ofSeconds(1),
            20,
            10_000,
            RateLimit.Reach.ROUTE);
    var second = Duration.ofSeconds(1);
    var check = new Application.HealthCheck("/healthz", second.multipliedBy(5), second, 3);
    var orders =
        new Route(
            "orders",
            new PathMatch.Template("/api/v1/orders/{id}"),
            List.of("GET"),
            List.of(edge),
            List.of(perAddress),
            2L << 20,
            Duration.ofSeconds(15),
            Duration.ofSeconds(60));
    var none = new Headers.Edits(List.of(), Map.of(), Map.of());
    return new BackendIntent(
        new BackendKey("shop", "orders"),
        new PodSelector(Map.of("app", "orders"), List.of()),
        new Application(8080, Application.Protocol.HTTP1, second, Optional.of(check)),
        new Inbound(8443, Tls.DEFAULT, capture),
        List.of(edge),
        List.of(orders),
        new Limits(32 << 10, 100, 10_000, Duration.ofHours(1)),
        new Timeouts(Duration.ofSeconds(60), Duration.ofSeconds(10)),
        new Headers(none, none, Headers.Hardening.HARDENED),
        new Mesh("mesh.example", new SpiffeId("spiffe://mesh.example/ns/system/sa/operator")));
  }
}
