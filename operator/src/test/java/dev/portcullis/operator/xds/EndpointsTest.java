package dev.portcullis.operator.xds;

import static dev.portcullis.operator.xds.InProcessXds.soon;
import static dev.portcullis.operator.xds.ResourceType.CLUSTER;
import static dev.portcullis.operator.xds.ResourceType.ENDPOINT;
import static dev.portcullis.operator.xds.ResourceType.LISTENER;
import static dev.portcullis.operator.xds.ResourceType.ROUTE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a proxy is told of the backends that it calls. */
class EndpointsTest {

  private static final Resources CALLER = Resources.answering("one");

  private final InProcessXds xds = new InProcessXds();
  private final Map<ResourceType, Map<String, String>> held = new HashMap<>();
  private DeltaClient client;

  @BeforeEach
  void aProxyThatCallsOneBackend() {
    xds.assign("orders-1", "orders");
    xds.put("orders", Called.by(CALLER, 1));
    xds.store.endpoints().put(Called.at(Called.ENDPOINTS, 8443));
    xds.store.endpoints().put(Called.at("secrets/vault/1", 8443));
    client = xds.connect("orders-1");
    client.subscribe(CLUSTER);
    held.put(CLUSTER, DeltaClient.versions(client.nextAcked()));
    client.subscribe(ENDPOINT, Called.ENDPOINTS);
    held.put(ENDPOINT, DeltaClient.versions(client.nextAcked()));
    client.subscribe(LISTENER);
    held.put(LISTENER, DeltaClient.versions(client.nextAcked()));
    client.subscribe(ROUTE, "inbound");
    held.put(ROUTE, DeltaClient.versions(client.nextAcked()));
    soon().until(this::isProgrammed);
  }

  @AfterEach
  void stop() {
    xds.close();
  }

  private boolean isProgrammed() {
    return xds.delivery("orders-1") instanceof Delivery.Acknowledged;
  }

  @Test
  void aChangeIsSentAloneAndIsNoChangeOfTheConfiguration() {
    // When
    xds.store.endpoints().put(Called.at(Called.ENDPOINTS, 8443, 9443));
    var response = client.next();
    // Then
    assertThat(DeltaClient.names(response)).containsExactly(Called.ENDPOINTS);
    assertThat(isProgrammed()).isTrue();
    client.ack(response);
    xds.store.endpoints().put(Called.at(Called.ENDPOINTS, 8443, 9443));
    xds.store.endpoints().put(Called.at(Called.ENDPOINTS));
    var last = client.nextAcked();
    assertThat(last.getResources(0).getResource().getValue())
        .isEqualTo(Called.at(Called.ENDPOINTS).toByteString());
    assertThat(client.waiting()).isZero();
  }

  @Test
  void nobodyLearnsWhereABackendIsThatItDoesNotCall() {
    // When
    client.subscribe(ENDPOINT, "secrets/vault/1", "*");
    xds.store.endpoints().put(Called.at("secrets/vault/1", 1, 2, 3));
    xds.store.endpoints().put(Called.at(Called.ENDPOINTS, 9443));
    // Then
    assertThat(DeltaClient.names(client.nextAcked())).containsExactly(Called.ENDPOINTS);
    assertThat(client.waiting()).isZero();
  }

  @Test
  void aClusterThatChangedGetsItsEndpointsAgainBeforeItIsAcknowledged() {
    // When
    xds.put("orders", Called.by(CALLER, 2));
    var cluster = client.next();
    var endpoints = client.nextAcked();
    // Then
    assertThat(DeltaClient.names(cluster)).containsExactly(Called.CLUSTER);
    assertThat(DeltaClient.versions(endpoints)).isEqualTo(held.get(ENDPOINT));
    client.ack(cluster);
    soon().until(this::isProgrammed);
  }

  @Test
  void aProxyThatComesBackWithThemIsToldNothing() {
    // Given
    var pushed = xds.counted("portcullis.xds.pushes");
    // When
    var again = xds.reconnect("orders-1");
    again.resume(CLUSTER, held.get(CLUSTER));
    again.resume(ENDPOINT, held.get(ENDPOINT), Called.ENDPOINTS);
    again.resume(LISTENER, held.get(LISTENER));
    again.resume(ROUTE, held.get(ROUTE), "inbound");
    // Then
    soon().until(this::isProgrammed);
    assertThat(xds.counted("portcullis.xds.pushes")).isEqualTo(pushed);
  }

  @Test
  void whatIsNotKnownTakesNothingAway() {
    // Given an operator that starts anew and has not looked yet
    xds.store.endpoints().remove(Called.ENDPOINTS);
    var again = xds.reconnect("orders-1");
    // When
    again.resume(CLUSTER, held.get(CLUSTER));
    again.resume(ENDPOINT, held.get(ENDPOINT), Called.ENDPOINTS);
    again.resume(LISTENER, held.get(LISTENER));
    again.resume(ROUTE, held.get(ROUTE), "inbound");
    // Then
    soon().until(this::isProgrammed);
    assertThat(again.waiting()).isZero();
    xds.store.endpoints().put(Called.at(Called.ENDPOINTS, 9443));
    assertThat(again.nextAcked().getRemovedResourcesList()).isEmpty();
  }

  @Test
  void aRefusalIsNoRefusalOfTheConfigurationAndIsNotRepeated() {
    // When
    xds.store.endpoints().put(Called.at(Called.ENDPOINTS, 1));
    client.nack(client.next(), "malformed");
    xds.regroup("orders-1");
    // Then
    soon().until(() -> xds.counted("portcullis.xds.nacks") == 1);
    assertThat(isProgrammed()).isTrue();
    assertThat(client.waiting()).isZero();
    xds.store.endpoints().put(Called.at(Called.ENDPOINTS, 2));
    assertThat(DeltaClient.names(client.nextAcked())).containsExactly(Called.ENDPOINTS);
  }

  @Test
  void whoNoLongerCallsHearsNoMore() {
    // Given
    xds.put("orders", CALLER.build());
    assertThat(client.nextAcked().getRemovedResourcesList()).containsExactly(Called.CLUSTER);
    // When
    xds.store.endpoints().put(Called.at(Called.ENDPOINTS, 1, 2, 3));
    xds.put("orders", CALLER.withAnswer("two").build());
    // Then
    assertThat(client.nextAcked().getTypeUrl()).isEqualTo(ROUTE.typeUrl());
  }
}
