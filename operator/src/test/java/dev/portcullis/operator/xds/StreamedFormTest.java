package dev.portcullis.operator.xds;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import dev.portcullis.bootstrap.contract.Capture;
import dev.portcullis.bootstrap.contract.KeyDelivery;
import dev.portcullis.bootstrap.contract.Metrics;
import dev.portcullis.bootstrap.contract.SidecarPaths;
import dev.portcullis.bootstrap.render.Layout;
import dev.portcullis.bootstrap.render.SidecarBootstrap;
import dev.portcullis.bootstrap.render.SidecarSettings;
import dev.portcullis.operator.envoy.EnvoyResources;
import dev.portcullis.operator.envoy.EnvoyTranslator;
import dev.portcullis.operator.golden.BackendViews;
import dev.portcullis.operator.golden.GoldenFolder;
import dev.portcullis.operator.resolve.PolicyResolver;
import dev.portcullis.operator.resolve.Resolution;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StreamedFormTest {

  static Stream<GoldenFolder> policies() {
    return GoldenFolder.casesOf("translation");
  }

  @ParameterizedTest
  @MethodSource("policies")
  void noPolicyRefersToAFileOfAKeyOrOfRoots(GoldenFolder folder) {
    if (PolicyResolver.resolve(BackendViews.of(folder))
        instanceof Resolution.Resolved(var intent)) {
      // Given
      var mounted = new EnvoyTranslator().translate(intent);
      assertThat(text(mounted)).contains(SidecarPaths.IDENTITY_SDS, SidecarPaths.TRUST_SDS);

      // When
      var streamed = StreamedForm.of(mounted);

      // Then
      assertThat(text(streamed))
          .doesNotContain(SidecarPaths.IDENTITY_SDS)
          .doesNotContain(SidecarPaths.TRUST_SDS);
      assertThat(streamed.version()).isEqualTo(mounted.version());
      assertThat(streamed.routes()).isEqualTo(mounted.routes());
      assertThat(withoutSockets(streamed)).isEqualTo(withoutSockets(mounted));
    }
  }

  @Test
  void theWayToTheOwnGateTakesTheSameSecretsAndTheBootstrapHoldsNone() throws Exception {
    // Given
    var folder = policies().findFirst().orElseThrow();
    var intent = ((Resolution.Resolved) PolicyResolver.resolve(BackendViews.of(folder))).intent();

    // When
    var streamed = StreamedForm.of(new EnvoyTranslator().translate(intent));
    var gate = streamed.clusters().getLast();
    var bootstrap = SidecarBootstrap.of(settings(KeyDelivery.STREAM));

    // Then Envoy asks for each once, and holds it once
    var downstream =
        streamed
            .listener()
            .getFilterChains(0)
            .getTransportSocket()
            .getTypedConfig()
            .unpack(DownstreamTlsContext.class)
            .getCommonTlsContext();
    var upstream =
        gate.getTransportSocket()
            .getTypedConfig()
            .unpack(UpstreamTlsContext.class)
            .getCommonTlsContext();
    assertThat(downstream.getTlsCertificateSdsSecretConfigs(0))
        .isEqualTo(upstream.getTlsCertificateSdsSecretConfigs(0));
    assertThat(downstream.getCombinedValidationContext().getValidationContextSdsSecretConfig())
        .isEqualTo(upstream.getValidationContextSdsSecretConfig());
    assertThat(bootstrap.toByteString().toString(ISO_8859_1))
        .doesNotContain(SidecarPaths.IDENTITY_SDS);
  }

  @Test
  void theWayToTheOwnGateIsThatOfABootstrapWithFiles() {
    // Given
    var folder = policies().findFirst().orElseThrow();
    var intent = ((Resolution.Resolved) PolicyResolver.resolve(BackendViews.of(folder))).intent();

    // When
    var gate = StreamedForm.of(new EnvoyTranslator().translate(intent)).clusters().getLast();
    var mounted = SidecarBootstrap.of(settings(KeyDelivery.KUBELET)).getStaticResources();

    // Then
    assertThat(gate.toBuilder().clearTransportSocket().clearLoadAssignment().build())
        .isEqualTo(
            mounted.getClusters(1).toBuilder()
                .clearTransportSocket()
                .clearLoadAssignment()
                .build());
  }

  private static SidecarSettings settings(KeyDelivery keys) {
    return new SidecarSettings(
        new SidecarSettings.Pod("shop", "orders-1", "uid", "orders"),
        new SidecarSettings.Xds("127.0.0.1", 18000, Operator.IDENTITY),
        keys,
        new SidecarSettings.Inbound(Capture.NONE, 1, SidecarSettings.Families.IPV4),
        new SidecarSettings.Budget(256L << 20, 1_000),
        List.of(),
        Metrics.CLOSED,
        Layout.ofPod());
  }

  private static String text(EnvoyResources resources) {
    return Stream.concat(resources.listeners(), resources.clusters().stream())
        .map(message -> ((Message) message).toByteString().toString(ISO_8859_1))
        .reduce("", String::concat);
  }

  private static List<FilterChain> withoutSockets(EnvoyResources resources) {
    return resources
        .listeners()
        .flatMap(each -> each.getFilterChainsList().stream())
        .map(chain -> chain.toBuilder().clearTransportSocket().build())
        .toList();
  }
}
