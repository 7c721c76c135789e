package dev.portcullis.operator.xds;

import static dev.portcullis.operator.xds.InProcessXds.soon;
import static dev.portcullis.operator.xds.ResourceType.CLUSTER;
import static dev.portcullis.operator.xds.ResourceType.LISTENER;
import static dev.portcullis.operator.xds.ResourceType.ROUTE;
import static dev.portcullis.operator.xds.ResourceType.TOKEN_BUCKET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.envoy.LineBucket;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.type.v3.TokenBucket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A proxy that asks for a bucket does not start before it has one: nothing may stand before it. */
class TokenBucketsTest {

  private static final String NAME = LineBucket.CONNECTIONS.resource();

  private final InProcessXds xds = new InProcessXds();
  private final Resources resources = Resources.answering("one");

  @AfterEach
  void stop() {
    xds.close();
  }

  private static void assertIsTheBucket(DeltaDiscoveryResponse response) throws Exception {
    assertThat(response.getTypeUrl()).isEqualTo(TOKEN_BUCKET.typeUrl());
    assertThat(DeltaClient.names(response)).containsExactly(NAME);
    var bucket = response.getResources(0).getResource().unpack(TokenBucket.class);
    assertThat(bucket).isEqualTo(LineBucket.CONNECTIONS.bucket());
  }

  @Test
  void aProxyThatThereIsNothingForGetsIt() throws Exception {
    var client = xds.connect("nobodys-1");

    client.subscribe(TOKEN_BUCKET, NAME, "lines-of-nobody");

    assertIsTheBucket(client.nextAcked());
  }

  @Test
  void itWaitsForNoAnswerOfTheProxy() throws Exception {
    // Given
    xds.assign("orders-1", "orders");
    xds.put("orders", resources.build());
    var client = xds.connect("orders-1");
    for (var type : new ResourceType[] {CLUSTER, LISTENER, ROUTE}) {
      client.subscribe(type, type.hasWildcard() ? new String[0] : new String[] {"inbound"});
    }
    assertThat(client.next().getTypeUrl()).isEqualTo(CLUSTER.typeUrl());
    // When
    client.subscribe(TOKEN_BUCKET, NAME);
    // Then
    assertIsTheBucket(client.nextAcked());
  }

  @Test
  void whoHasItIsNotToldAgainUnlessHeAsks() throws Exception {
    // Given
    var first = xds.connect("orders-1");
    first.subscribe(TOKEN_BUCKET, NAME);
    var versions = DeltaClient.versions(first.nextAcked());
    var client = xds.reconnect("orders-1");
    // When
    client.resume(TOKEN_BUCKET, versions, NAME);
    client.subscribe(CLUSTER);
    // Then
    assertThat(client.nextAcked().getTypeUrl()).isEqualTo(CLUSTER.typeUrl());
    // When
    client.send(unsubscribing(client));
    client.subscribe(TOKEN_BUCKET, NAME);
    // Then
    assertIsTheBucket(client.nextAcked());
  }

  private static DeltaDiscoveryRequest unsubscribing(DeltaClient client) {
    return client.request(TOKEN_BUCKET).addResourceNamesUnsubscribe(NAME).build();
  }

  @Test
  void aRefusalIsNoneOfTheConfiguration() {
    // Given
    xds.assign("orders-1", "orders");
    xds.put("orders", resources.build());
    var client = xds.connect("orders-1");
    client.subscribe(TOKEN_BUCKET, NAME);
    // When
    client.nack(client.next(), "no such bucket");
    for (var type : new ResourceType[] {CLUSTER, LISTENER, ROUTE}) {
      client.subscribe(type, type.hasWildcard() ? new String[0] : new String[] {"inbound"});
      assertThat(client.nextAcked().getTypeUrl()).isEqualTo(type.typeUrl());
    }
    // Then
    var version = resources.build().version();
    soon()
        .untilAsserted(
            () ->
                assertThat(xds.delivery("orders-1")).isEqualTo(new Delivery.Acknowledged(version)));
  }
}
