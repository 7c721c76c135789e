package dev.portcullis.operator.xds;

import static dev.portcullis.operator.xds.InProcessXds.soon;
import static dev.portcullis.operator.xds.ResourceType.CLUSTER;
import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.grpc.Status;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each pod gets its own key, when it is due, and nobody gets another pod's. */
class SecretStreamTest {

  private final InProcessXds xds = new InProcessXds();

  @BeforeEach
  void aPodThatNeedsItsKey() {
    xds.secrets.renew("orders-1");
  }

  @AfterEach
  void stop() {
    xds.close();
  }

  @Test
  void aPodGetsRootsAndItsOwnKeyOneAfterAnother() throws Exception {
    // When
    var client = asking("orders-1", "identity", "trust");

    // Then
    var first = client.next();
    var roots = secret(first);
    assertThat(roots.getValidationContext().getTrustedCa().getInlineString())
        .isEqualTo(xds.secrets.root());
    assertThat(client.waiting()).isZero();
    client.ack(first);
    var identity = secret(client.nextAcked());
    assertThat(identity.getName()).isEqualTo("identity");
    assertThat(identity.getTlsCertificate().getPrivateKey().getInlineString())
        .contains("PRIVATE KEY");
    soon().until(() -> xds.counted("portcullis.xds.secrets") == 4);
  }

  @Test
  void anotherOneIsSentOnTheOpenStreamWhenItIsDue() throws Exception {
    // Given
    var client = asking("orders-1", "identity");
    var first = secret(client.nextAcked());

    // When
    xds.sweeper.sweep();
    assertThat(client.waiting()).isZero();
    xds.secrets.renew("orders-1");
    xds.sweeper.sweep();

    // Then
    assertThat(secret(client.nextAcked())).isNotEqualTo(first);
  }

  @Test
  void whatAProxyHoldsFromAnEarlierStreamIsNotMadeAgain() {
    // Given
    var held = DeltaClient.versions(asking("orders-1", "identity").nextAcked());
    var made = xds.secrets.issued.get();

    // When
    var client = xds.reconnect("orders-1");
    client.send(request("identity").putAllInitialResourceVersions(held).build());
    xds.sweeper.sweep();
    client.subscribe(CLUSTER);

    // Then
    assertThat(client.next().getTypeUrl()).isEqualTo(CLUSTER.typeUrl());
    assertThat(xds.secrets.issued).hasValue(made);
  }

  @Test
  void whatAProxyRefusesIsNotSentAgainBeforeAnotherIsDue() {
    // Given
    var client = asking("orders-1", "identity");
    client.nack(client.next(), "no");
    client.subscribe(CLUSTER);
    client.nextAcked();

    // When
    xds.sweeper.sweep();

    // Then
    assertThat(client.waiting()).isZero();
    assertThat(xds.secrets.issued).hasValue(1);
    xds.secrets.renew("orders-1");
    xds.sweeper.sweep();
    assertThat(DeltaClient.names(client.nextAcked())).containsExactly("identity");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        "",
        "orders-1",
        "shop/orders-1",
        "identity ",
        "identity/orders-1",
        "../trust"
      })
  void aPodThatGetsNoKeyGetsNobodyElses(String name) {
    // When
    var client = asking("attacker", "identity", "trust", name);
    xds.sweeper.sweep();
    client.subscribe(CLUSTER);

    // Then
    assertThat(client.next().getTypeUrl()).isEqualTo(CLUSTER.typeUrl());
    assertThat(xds.secrets.issued).hasValue(0);
  }

  @Test
  void anotherPodsNodeEndsTheStreamBeforeAnyKeyIsMade() {
    // Given
    var client = DeltaClient.connect(xds.channelWithToken("attacker"), "shop/orders-1");

    // When
    client.send(request("identity").setNode(Node.newBuilder().setId("shop/orders-1")).build());

    // Then
    assertThat(client.end().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(client.waiting()).isZero();
    assertThat(xds.secrets.issued).hasValue(0);
  }

  @Test
  void withoutATokenNobodyIsHeard() {
    var client = DeltaClient.connect(xds.channel(), "shop/orders-1");

    assertThat(client.end().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(xds.secrets.issued).hasValue(0);
  }

  @Test
  void claimingTheVictimsVersionBringsTheAttackerNothing() {
    // Given
    var held = DeltaClient.versions(asking("orders-1", "identity").nextAcked());

    // When
    var client = xds.connect("attacker");
    client.send(request("identity").putAllInitialResourceVersions(held).build());
    client.send(request("identity").putAllInitialResourceVersions(Map.of("identity", "")).build());
    client.subscribe(CLUSTER);

    // Then
    assertThat(client.next().getTypeUrl()).isEqualTo(CLUSTER.typeUrl());
    assertThat(xds.secrets.issued).hasValue(1);
  }

  private DeltaClient asking(String pod, String... names) {
    var client = xds.connect(pod);
    client.send(request(names).build());
    return client;
  }

  private static DeltaDiscoveryRequest.Builder request(String... names) {
    return DeltaDiscoveryRequest.newBuilder()
        .setTypeUrl(SecretSubscription.TYPE_URL)
        .addAllResourceNamesSubscribe(java.util.List.of(names));
  }

  private static Secret secret(DeltaDiscoveryResponse response) throws Exception {
    return response.getResources(0).getResource().unpack(Secret.class);
  }
}
