package dev.portcullis.operator.xds;

import static dev.portcullis.operator.xds.InProcessXds.soon;
import static dev.portcullis.operator.xds.ResourceType.CLUSTER;
import static dev.portcullis.operator.xds.ResourceType.LISTENER;
import static dev.portcullis.operator.xds.ResourceType.ROUTE;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a well-behaved proxy is told, and when. */
class DeltaStreamTest {

  private final InProcessXds xds = new InProcessXds();
  private final Resources v1 = Resources.answering("one");

  @AfterEach
  void stop() {
    xds.close();
  }

  /** Takes everything there is, in the order in which Envoy asks. */
  private Map<ResourceType, Map<String, String>> takeAll(DeltaClient client) {
    var held = new HashMap<ResourceType, Map<String, String>>();
    for (var type : ResourceType.CONFIGURATION) {
      client.subscribe(type, type.hasWildcard() ? new String[0] : new String[] {"inbound"});
      held.put(type, DeltaClient.versions(client.nextAcked()));
    }
    soon().until(() -> xds.delivery("orders-1") instanceof Delivery.Acknowledged);
    return held;
  }

  private DeltaClient connected(Resources resources) {
    xds.assign("orders-1", "orders");
    xds.put("orders", resources.build());
    return xds.connect("orders-1");
  }

  @Test
  void aNewProxyGetsAllAndIsProgrammedOnceItAcknowledgedAll() {
    // Given
    var client = connected(v1.withClusters("app", "other"));
    // When
    client.subscribe(CLUSTER);
    var clusters = client.nextAcked();
    client.subscribe(LISTENER);
    var listeners = client.nextAcked();
    client.subscribe(ROUTE, "inbound");
    var routes = client.next();
    // Then
    assertThat(DeltaClient.names(clusters)).containsExactly("app", "other");
    assertThat(DeltaClient.names(listeners)).containsExactly("inbound");
    assertThat(DeltaClient.names(routes)).containsExactly("inbound");
    var version = v1.withClusters("app", "other").build().version();
    assertThat(xds.delivery("orders-1")).isEqualTo(new Delivery.Pending(version));
    client.ack(routes);
    soon()
        .untilAsserted(
            () ->
                assertThat(xds.delivery("orders-1")).isEqualTo(new Delivery.Acknowledged(version)));
  }

  @Test
  void aChangeSendsWhatChangedAndNothingElse() {
    // Given
    var client = connected(v1.withClusters("app", "other"));
    takeAll(client);
    // When
    xds.put("orders", v1.withClusters("app", "other").withAnswer("two").build());
    var response = client.nextAcked();
    xds.put("orders", v1.withClusters("app", "other", "third").withAnswer("two").build());
    var after = client.nextAcked();
    // Then
    assertThat(response.getTypeUrl()).isEqualTo(ROUTE.typeUrl());
    assertThat(after.getTypeUrl()).isEqualTo(CLUSTER.typeUrl());
    assertThat(DeltaClient.names(after)).containsExactly("third");
    assertThat(xds.counted("portcullis.xds.pushes")).isEqualTo(5);
  }

  @Test
  void anEqualPublicationSendsNothing() {
    // Given
    var client = connected(v1);
    takeAll(client);
    // When
    xds.put("orders", Resources.answering("one").build());
    xds.put("orders", v1.withAnswer("two").build());
    // Then
    assertThat(client.next().getTypeUrl()).isEqualTo(ROUTE.typeUrl());
    assertThat(client.waiting()).isZero();
  }

  @Test
  void aProxyThatComesBackWithWhatItHoldsGetsNothing() {
    // Given
    var held = takeAll(connected(v1));
    var pushed = xds.counted("portcullis.xds.pushes");
    // When
    var again = xds.reconnect("orders-1");
    again.resume(CLUSTER, held.get(CLUSTER));
    again.resume(LISTENER, held.get(LISTENER));
    again.resume(ROUTE, held.get(ROUTE), "inbound");
    // Then
    soon().until(() -> xds.delivery("orders-1") instanceof Delivery.Acknowledged);
    assertThat(xds.counted("portcullis.xds.pushes")).isEqualTo(pushed);
  }

  @Test
  void aProxyThatComesBackGetsOnlyWhatChangedMeanwhile() {
    // Given
    var held = takeAll(connected(v1.withClusters("app", "old")));
    xds.put("orders", v1.withClusters("app", "new").build());
    // When
    var again = xds.connect("orders-1");
    again.resume(CLUSTER, held.get(CLUSTER));
    var added = again.nextAcked();
    // Then
    assertThat(DeltaClient.names(added)).containsExactly("new");
    assertThat(added.getRemovedResourcesList()).containsExactly("old");
  }

  @Test
  void nothingIsTakenFromAProxyWhoseGroupIsNotKnownYet() {
    // Given an operator that starts anew
    xds.assign("orders-1", "orders");
    var client = xds.connect("orders-1");
    client.resume(CLUSTER, Map.of("app", "as-before"));
    client.resume(LISTENER, Map.of("inbound", "as-before"));
    soon().until(() -> xds.delivery("orders-1") instanceof Delivery.Pending);
    // When
    xds.put("orders", v1.build());
    // Then
    assertThat(client.nextAcked().getRemovedResourcesList()).isEmpty();
    assertThat(client.nextAcked().getRemovedResourcesList()).isEmpty();
  }

  @Test
  void aNewProxyWithoutAPolicyIsAnsweredAtOnceAndFilledLater() {
    // Given
    var client = xds.connect("orders-1");
    // When
    client.subscribe(CLUSTER);
    var nothing = client.nextAcked();
    // Then
    assertThat(nothing.getResourcesList()).isEmpty();
    xds.put("orders", v1.build());
    xds.assign("orders-1", "orders");
    xds.regroup("orders-1");
    assertThat(DeltaClient.names(client.next())).containsExactly("app");
  }

  @Test
  void whatRefersToAResourceComesAfterItWasTaken() {
    // Given
    var client = connected(v1);
    takeAll(client);
    // When
    var v2 = v1.withClusters("app", "new").withStatPrefix("two").withAnswer("two").build();
    xds.put("orders", v2);
    // Then
    soon().until(() -> xds.delivery("orders-1").equals(new Delivery.Pending(v2.version())));
    assertThat(xds.counted("portcullis.xds.pushes")).isEqualTo(4);
    assertThat(client.nextAcked().getTypeUrl()).isEqualTo(CLUSTER.typeUrl());
    assertThat(client.nextAcked().getTypeUrl()).isEqualTo(LISTENER.typeUrl());
    assertThat(client.nextAcked().getTypeUrl()).isEqualTo(ROUTE.typeUrl());
  }

  @Test
  void aClusterGoesAfterTheProxyTookTheRoutesThatNoLongerNameIt() {
    // Given
    var client = connected(v1.withClusters("app", "old"));
    takeAll(client);
    // When
    xds.put("orders", v1.withClusters("app").withAnswer("two").build());
    var routes = client.next();
    // Then
    assertThat(routes.getTypeUrl()).isEqualTo(ROUTE.typeUrl());
    assertThat(client.waiting()).isZero();
    client.ack(routes);
    assertThat(client.nextAcked().getRemovedResourcesList()).containsExactly("old");
  }

  @Test
  void aRefusedVersionIsSentOnceAndNeverAgain() {
    // Given
    var client = connected(v1);
    var held = takeAll(client);
    var bad = v1.withStatPrefix("bad").build();
    // When
    xds.put("orders", bad);
    client.nack(client.next(), "Error adding/updating listener(s) inbound: no");
    var refused =
        new Delivery.Refused(
            bad.version(), "inbound", "Error adding/updating listener(s) inbound: no");
    soon().untilAsserted(() -> assertThat(xds.delivery("orders-1")).isEqualTo(refused));
    xds.put("orders", bad);
    xds.regroup("orders-1");
    var again = xds.reconnect("orders-1");
    for (var type : ResourceType.CONFIGURATION) {
      again.resume(type, held.get(type), type.hasWildcard() ? "*" : "inbound");
    }
    // Then
    soon().untilAsserted(() -> assertThat(xds.delivery("orders-1")).isEqualTo(refused));
    assertThat(xds.counted("portcullis.xds.nacks")).isEqualTo(1);
    assertThat(again.waiting()).isZero();
    xds.put("orders", v1.withStatPrefix("good").build());
    again.nextAcked();
    soon().until(() -> xds.delivery("orders-1") instanceof Delivery.Acknowledged);
  }

  @Test
  void aRefusalOfSeveralBlamesTheOneItNames() {
    // Given
    var client = connected(v1.withClusters("app", "broken"));
    client.subscribe(CLUSTER);
    // When
    client.nack(client.next(), "Error adding/updating cluster(s) broken: no");
    // Then
    soon()
        .untilAsserted(
            () ->
                assertThat(xds.delivery("orders-1"))
                    .isInstanceOfSatisfying(
                        Delivery.Refused.class,
                        refused -> assertThat(refused.resource()).isEqualTo("broken")));
  }

  @Test
  void changesMergeWhileAnAnswerIsAwaited() {
    // Given
    var client = connected(v1);
    client.subscribe(CLUSTER);
    client.nextAcked();
    client.subscribe(LISTENER);
    var unanswered = client.next();
    // When
    for (var i = 0; i < 50; i++) {
      xds.put("orders", v1.withStatPrefix("prefix-" + i).build());
    }
    client.ack(unanswered);
    var last = client.nextAcked();
    // Then
    assertThat(xds.counted("portcullis.xds.pushes")).isEqualTo(3);
    assertThat(DeltaClient.versions(last))
        .containsEntry("inbound", version(v1.withStatPrefix("prefix-49")));
  }

  private static String version(Resources resources) {
    return ResourceSet.of(resources.build()).listeners().get("inbound").version();
  }

  @Test
  void aProxyThatDoesNotReadCostsOneResponseAndIsDropped() {
    // Given
    xds.assign("orders-1", "orders");
    xds.put("orders", v1.build());
    var client =
        DeltaClient.connect(
            xds.channelWithToken("orders-1"), "shop/orders-1", DeltaClient.Reading.ON_DEMAND);
    client.subscribe(CLUSTER);
    client.subscribe(LISTENER);
    soon()
        .until(
            () -> xds.delivery("orders-1") instanceof Delivery.Pending p && !p.version().isEmpty());
    // When
    for (var i = 0; i < 50; i++) {
      xds.put("orders", v1.withStatPrefix("prefix-" + i).build());
    }
    xds.clock.advance(InProcessXds.ACKNOWLEDGEMENT.plusSeconds(1));
    xds.sweeper.sweep();
    // Then
    assertThat(client.end().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    assertThat(xds.counted("portcullis.xds.pushes")).isLessThanOrEqualTo(1);
  }

  @Test
  void aProxyThatReadsAndNeverAnswersIsDropped() {
    // Given
    var client = connected(v1);
    client.subscribe(CLUSTER);
    client.next();
    // When
    xds.clock.advance(InProcessXds.ACKNOWLEDGEMENT.plusSeconds(1));
    xds.sweeper.sweep();
    // Then
    assertThat(client.end().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
  }

  @Test
  void anIdleProxyStays() {
    // Given
    var client = connected(v1);
    takeAll(client);
    // When
    xds.clock.advance(InProcessXds.ACKNOWLEDGEMENT.multipliedBy(3));
    xds.sweeper.sweep();
    xds.put("orders", v1.withAnswer("two").build());
    // Then
    assertThat(client.next().getTypeUrl()).isEqualTo(ROUTE.typeUrl());
  }

  @Test
  void aStreamEndsKindlyWithItsToken() {
    // Given
    var client = connected(v1);
    takeAll(client);
    // When
    xds.clock.advance(InProcessXds.TOKEN_LIFE.multipliedBy(8).dividedBy(10));
    xds.sweeper.sweep();
    assertThat(xds.delivery("orders-1")).isInstanceOf(Delivery.Acknowledged.class);
    xds.clock.advance(InProcessXds.TOKEN_LIFE.multipliedBy(2).dividedBy(10));
    xds.sweeper.sweep();
    // Then
    assertThat(client.end().isOk()).isTrue();
    soon().until(() -> xds.delivery("orders-1") instanceof Delivery.NotConnected);
  }

  @Test
  void theNewestStreamOfAPodWins() {
    // Given
    var older = connected(v1);
    takeAll(older);
    // When
    var newer = xds.connect("orders-1");
    newer.subscribe(CLUSTER);
    newer.nextAcked();
    // Then
    assertThat(older.end().getCode()).isEqualTo(Status.Code.ABORTED);
    assertThat(xds.registry.find("portcullis.xds.streams").gauge().value()).isEqualTo(1);
  }

  @Test
  void aPodThatIsAssignedAnewGetsWhatDiffers() {
    // Given
    xds.put("payments", v1.withAnswer("payments").build());
    var client = connected(v1);
    takeAll(client);
    // When
    xds.assign("orders-1", "payments");
    xds.regroup("orders-1");
    var response = client.nextAcked();
    xds.put("orders", v1.withStatPrefix("no-longer-mine").build());
    xds.put("payments", v1.withAnswer("payments two").build());
    // Then
    assertThat(response.getTypeUrl()).isEqualTo(ROUTE.typeUrl());
    assertThat(client.next().getTypeUrl()).isEqualTo(ROUTE.typeUrl());
  }

  @Test
  void whoListensIsToldOfEveryStepOfAPod() {
    // Given
    var seen = new java.util.concurrent.CopyOnWriteArrayList<Delivery>();
    xds.ledger.onDelivery(peer -> seen.add(xds.ledger.delivery(peer.uid())));
    var client = connected(v1);
    // When
    takeAll(client);
    client.hangUp();
    // Then
    soon().until(() -> seen.contains(new Delivery.NotConnected()));
    assertThat(seen)
        .contains(
            new Delivery.Pending(v1.build().version()),
            new Delivery.Acknowledged(v1.build().version()));
  }
}
