package dev.portcullis.operator.xds;

import static dev.portcullis.operator.xds.InProcessXds.soon;
import static dev.portcullis.operator.xds.ResourceType.LISTENER;
import static dev.portcullis.operator.xds.ResourceType.ROUTE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A proxy refuses what the canary took: it goes back, whole, and nobody else has to. */
class SidecarRefusalTest {

  private final InProcessXds xds = new InProcessXds();
  private final Resources one = Resources.answering("one").withClusters("app", "one");
  private final Resources two = next(one, "two");
  private final Resources three = next(one, "three");

  /** Differs in every type. */
  private static Resources next(Resources from, String name) {
    return from.withClusters("app", name).withStatPrefix(name).withAnswer(name);
  }

  @AfterEach
  void stop() {
    xds.close();
  }

  private static String version(Resources resources, ResourceType type) {
    var contents = ResourceSet.of(resources.build()).of(type).values();
    return List.copyOf(contents).getLast().version();
  }

  private void publish(Resources resources) {
    xds.put("orders", resources.build());
  }

  private ModelProxy connected(String pod) {
    return connected(new ModelProxy(), pod);
  }

  private ModelProxy connected(ModelProxy proxy, String pod) {
    xds.assign(pod, "orders");
    proxy.connect(xds.channelWithToken(pod));
    return proxy;
  }

  /** A proxy that runs the first version and will not take the other ones' listeners. */
  private ModelProxy unable(String pod) {
    publish(one);
    var proxy = connected(pod);
    awaitTaken(pod, one);
    proxy.cannotRun.add(version(two, LISTENER));
    proxy.cannotRun.add(version(three, LISTENER));
    return proxy;
  }

  /** The operator has noticed, too. */
  private ModelProxy gone(ModelProxy proxy, String pod) {
    soon().until(() -> xds.delivery(pod) instanceof Delivery.NotConnected);
    return proxy;
  }

  private Optional<ResourceSet> choice(String pod, String group) {
    var offer = xds.store.offer(new GroupKey(group)).orElseThrow();
    return xds.ledger.history(InProcessXds.peer(pod)).choose(offer);
  }

  private void awaitTaken(String pod, Resources resources) {
    var taken = new Delivery.Acknowledged(resources.build().version());
    soon().untilAsserted(() -> assertThat(xds.delivery(pod)).isEqualTo(taken));
  }

  private void awaitRefused(String pod, Resources resources) {
    var refused =
        new Delivery.Refused(resources.build().version(), "inbound", "inbound: cannot run it");
    soon().untilAsserted(() -> assertThat(xds.delivery(pod)).isEqualTo(refused));
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"ENDPOINT", "TOKEN_BUCKET"})
  void whateverItRefusesItGoesBackToAllOfWhatItTookLast(ResourceType type) {
    // Given
    publish(one);
    var proxy = connected("orders-1");
    awaitTaken("orders-1", one);
    proxy.cannotRun.add(version(two, type));
    // When
    publish(two);
    // Then
    soon().until(() -> xds.delivery("orders-1") instanceof Delivery.Refused);
    soon().until(() -> proxy.runs(one));
    assertThat(proxy.refused).hasSize(1);
  }

  @Test
  void aNewPodThatRefusesItTooStartsWithWhatAnotherTookBefore() {
    // Given
    unable("orders-1");
    publish(two);
    awaitRefused("orders-1", two);
    // When
    var newcomer = new ModelProxy();
    newcomer.cannotRun.add(version(two, LISTENER));
    connected(newcomer, "orders-2");
    // Then
    soon().until(() -> newcomer.runs(one));
    awaitRefused("orders-2", two);
    assertThat(newcomer.refused).containsExactly("listener inbound");
  }

  @Test
  void whoTakesItRunsItAndWhoRefusesItDoesNotWhoeverAnswersFirst() {
    // Given
    var unable = unable("orders-1");
    var able = connected("orders-2");
    awaitTaken("orders-2", one);
    // When
    publish(two);
    awaitRefused("orders-1", two);
    // Then
    awaitTaken("orders-2", two);
    var newcomer = connected("orders-3");
    awaitTaken("orders-3", two);
    soon().until(() -> unable.runs(one) && able.runs(two) && newcomer.runs(two));
  }

  @Test
  void itGoesBackToWhatItTookItselfAlsoWhenOthersWentOn() {
    // Given
    var unable = unable("orders-1");
    connected("orders-2");
    publish(two);
    awaitRefused("orders-1", two);
    awaitTaken("orders-2", two);
    // When
    publish(three);
    awaitRefused("orders-1", three);
    awaitTaken("orders-2", three);
    // Then
    soon().until(() -> unable.runs(one));
    assertThat(unable.refused).hasSize(2);
  }

  @Test
  void theNextEditIsTriedWhateverItChanges() {
    // Given
    var proxy = unable("orders-1");
    publish(two);
    awaitRefused("orders-1", two);
    // When another answer comes with the same listener, and it can be run now
    proxy.cannotRun.clear();
    publish(two.withAnswer("other"));
    // Then
    awaitTaken("orders-1", two.withAnswer("other"));
    assertThat(proxy.runs(two.withAnswer("other"))).isTrue();
  }

  @Test
  void withNothingToGoBackToTheNextEditIsTriedAllTheSame() {
    // Given
    var proxy = new ModelProxy();
    proxy.cannotRun.add(version(two, LISTENER));
    publish(two);
    connected(proxy, "orders-1");
    awaitRefused("orders-1", two);
    // When
    publish(two.withAnswer("other"));
    awaitRefused("orders-1", two.withAnswer("other"));
    proxy.cannotRun.clear();
    publish(two.withAnswer("yet another"));
    // Then
    awaitTaken("orders-1", two.withAnswer("yet another"));
    assertThat(proxy.runs(two.withAnswer("yet another"))).isTrue();
  }

  @Test
  void aVersionThatComesBackIsTriedAgain() {
    // Given
    var proxy = unable("orders-1");
    publish(two);
    awaitRefused("orders-1", two);
    publish(one);
    awaitTaken("orders-1", one);
    // When
    proxy.cannotRun.clear();
    publish(two);
    // Then
    awaitTaken("orders-1", two);
  }

  @Test
  void onItsNextStreamItIsNotAskedAgain() throws Exception {
    // Given
    var proxy = unable("orders-1");
    publish(two);
    awaitRefused("orders-1", two);
    soon().until(() -> proxy.runs(one));
    // When
    var again = connected(gone(proxy.hungUp(), "orders-1"), "orders-1");
    // Then
    awaitRefused("orders-1", two);
    publish(two);
    publish(three);
    awaitRefused("orders-1", three);
    soon().until(() -> again.runs(one));
    assertThat(again.refused).containsExactly("listener inbound");
  }

  @Test
  void aProxyThatStartsAnewMayTakeWhatItRefused() throws Exception {
    // Given
    var proxy = unable("orders-1");
    publish(two);
    awaitRefused("orders-1", two);
    // When
    var restarted = gone(proxy.restarted(), "orders-1");
    restarted.cannotRun.clear();
    connected(restarted, "orders-1");
    // Then
    awaitTaken("orders-1", two);
    assertThat(restarted.runs(two)).isTrue();
  }

  @Test
  void afterARestartOfTheOperatorAProxyThatRefusesKeepsWhatItHas() throws Exception {
    // Given an operator that knows of the newest only
    var proxy = gone(unable("orders-1").hungUp(), "orders-1");
    xds.ledger.forget("uid-of-orders-1");
    xds.store.remove(new GroupKey("orders"));
    // When
    connected(proxy, "orders-1");
    soon().until(() -> xds.delivery("orders-1") instanceof Delivery.Pending);
    publish(two);
    // Then listener and routes stay, and nothing is offered again on the next stream
    awaitRefused("orders-1", two);
    assertThat(proxy.runs(one, LISTENER)).isTrue();
    assertThat(proxy.runs(one, ROUTE)).isTrue();
    var again = connected(gone(proxy.hungUp(), "orders-1"), "orders-1");
    awaitRefused("orders-1", two);
    publish(three.withClusters("app"));
    awaitRefused("orders-1", three.withClusters("app"));
    assertThat(again.refused).hasSize(1);
    publish(one);
    awaitTaken("orders-1", one);
  }

  @Test
  void aPolicyThatIsMadeAnewUnderAnOldNameInheritsNothing() {
    // Given
    var proxy = unable("orders-1");
    // When
    xds.store.remove(new GroupKey("orders"));
    publish(two);
    awaitRefused("orders-1", two);
    // Then what it refused is all that there is
    assertThat(choice("orders-1", "orders")).isEmpty();
    assertThat(proxy.runs(one)).isFalse();
  }

  @Test
  void aPodThatIsMovedDoesNotGoBackToItsOldGroup() {
    // Given
    var proxy = unable("orders-1");
    xds.put("closed", two.build());
    // When
    xds.assign("orders-1", "closed");
    xds.regroup("orders-1");
    awaitRefused("orders-1", two);
    // Then
    assertThat(choice("orders-1", "closed")).isEmpty();
    assertThat(proxy.runs(one)).isFalse();
  }

  @Test
  void aProxyThatRefusesEverythingMakesNoStorm() {
    // Given
    var proxy = unable("orders-1");
    proxy.cannotRun.add(version(one, LISTENER));
    proxy.cannotRun.add(version(one, ROUTE));
    // When
    publish(two);
    awaitRefused("orders-1", two);
    soon().until(() -> proxy.refused.size() >= 2);
    for (var i = 0; i < 50; i++) {
      xds.regroup("orders-1");
    }
    connected("orders-2");
    awaitTaken("orders-2", two);
    // Then each set was tried once
    soon().until(() -> xds.counted("portcullis.xds.nacks") == proxy.refused.size());
    assertThat(proxy.refused).hasSizeBetween(2, 3);
  }
}
