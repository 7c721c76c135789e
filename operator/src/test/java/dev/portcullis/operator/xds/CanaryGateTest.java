package dev.portcullis.operator.xds;

import static dev.portcullis.operator.xds.InProcessXds.soon;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.envoy.EnvoyResources;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What goes out, and what does not, by what the canary says. */
class CanaryGateTest {

  private static final GroupKey ORDERS = new GroupKey("shop/orders/Redirect");
  private static final GroupKey PAYMENTS = new GroupKey("shop/payments/Redirect");
  private static final EnvoyResources ONE = Resources.answering("one").build();
  private static final EnvoyResources TWO = Resources.answering("two").build();
  private static final EnvoyResources THREE = Resources.answering("three").build();
  private static final Canary.Finding ACCEPTED = new Canary.Finding.Accepted();
  private static final Canary.Finding LOST = new Canary.Finding.Lost("it went away");
  private static final Canary.Finding SILENT = new Canary.Finding.Silent(Duration.ofSeconds(5));

  private final FakeCanary canary = new FakeCanary();
  private final ResourceStore store = new ResourceStore();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private CanaryGate gate;

  /** Answers what the test hands to it, when the test does. */
  private static final class FakeCanary implements Canary {
    final SynchronousQueue<Finding> findings = new SynchronousQueue<>();
    final List<String> checked = new CopyOnWriteArrayList<>();
    private volatile boolean connected = true;
    private volatile Runnable listener;

    void answer(Finding finding) throws InterruptedException {
      assertThat(findings.offer(finding, 60, TimeUnit.SECONDS)).isTrue();
    }

    void leave() {
      connected = false;
      listener.run();
    }

    void comeBack() {
      connected = true;
      listener.run();
    }

    @Override
    public boolean isConnected() {
      return connected;
    }

    @Override
    public void onConnection(Runnable newListener) {
      listener = newListener;
    }

    @Override
    public Finding check(EnvoyResources candidate) throws InterruptedException {
      checked.add(candidate.version());
      return findings.take();
    }

    @Override
    public void clear() {}
  }

  private void startWithGrace(Duration grace) {
    var metrics = new CanaryMetrics(registry, canary);
    gate = new CanaryGate(canary, store, metrics, new CanaryGate.Settings(grace, Runnable::run));
    gate.start();
  }

  @AfterEach
  void stop() {
    gate.stop();
  }

  private static PublishOutcome outcome(CompletionStage<PublishOutcome> stage) {
    return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }

  private String inForce(GroupKey group) {
    return store.resources(group).map(ResourceSet::version).orElse("nothing");
  }

  @Test
  void whatTheCanaryTakesGoesOut() throws Exception {
    // Given
    startWithGrace(Duration.ofHours(1));
    // When
    var stage = gate.submit(ORDERS, ONE);
    canary.answer(ACCEPTED);
    // Then
    assertThat(outcome(stage)).isEqualTo(new PublishOutcome.Published(ONE.version()));
    assertThat(inForce(ORDERS)).isEqualTo(ONE.version());
  }

  @Test
  void whatTheCanaryRefusesChangesNothing() throws Exception {
    // Given
    startWithGrace(Duration.ofHours(1));
    var first = gate.submit(ORDERS, ONE);
    canary.answer(ACCEPTED);
    outcome(first);
    // When
    var stage = gate.submit(ORDERS, TWO);
    canary.answer(new Canary.Finding.Refused("inbound", "no"));
    // Then
    assertThat(outcome(stage))
        .isEqualTo(new PublishOutcome.Rejected(TWO.version(), "inbound", "no"));
    assertThat(inForce(ORDERS)).isEqualTo(ONE.version());
  }

  @Test
  void whatIsInForceIsNotCheckedAgain() throws Exception {
    // Given
    startWithGrace(Duration.ofHours(1));
    var first = gate.submit(ORDERS, ONE);
    canary.answer(ACCEPTED);
    outcome(first);
    // When
    var again = gate.submit(ORDERS, Resources.answering("one").build());
    // Then
    assertThat(outcome(again)).isEqualTo(new PublishOutcome.Published(ONE.version()));
    assertThat(canary.checked).hasSize(1);
  }

  @Test
  void theNewestOfAGroupOvertakesTheOthers() throws Exception {
    // Given one is with the canary, and two waits
    startWithGrace(Duration.ofHours(1));
    var one = gate.submit(ORDERS, ONE);
    soon().until(() -> !canary.checked.isEmpty());
    var two = gate.submit(ORDERS, TWO);
    var other = gate.submit(PAYMENTS, ONE);
    // When
    var three = gate.submit(ORDERS, THREE);
    canary.answer(ACCEPTED);
    canary.answer(ACCEPTED);
    canary.answer(ACCEPTED);
    // Then
    assertThat(outcome(one)).isEqualTo(new PublishOutcome.Superseded(ONE.version()));
    assertThat(outcome(two)).isEqualTo(new PublishOutcome.Superseded(TWO.version()));
    assertThat(outcome(three)).isEqualTo(new PublishOutcome.Published(THREE.version()));
    assertThat(outcome(other)).isEqualTo(new PublishOutcome.Published(ONE.version()));
    assertThat(inForce(ORDERS)).isEqualTo(THREE.version());
    assertThat(canary.checked).doesNotContain(TWO.version());
  }

  @Test
  void aGroupThatIsWithdrawnWhileItIsCheckedStaysOut() throws Exception {
    // Given
    startWithGrace(Duration.ofHours(1));
    var stage = gate.submit(ORDERS, ONE);
    soon().until(() -> !canary.checked.isEmpty());
    // When
    gate.withdraw(ORDERS);
    canary.answer(ACCEPTED);
    // Then
    assertThat(outcome(stage)).isEqualTo(new PublishOutcome.Superseded(ONE.version()));
    var other = gate.submit(PAYMENTS, TWO);
    canary.answer(ACCEPTED);
    outcome(other);
    assertThat(inForce(ORDERS)).isEqualTo("nothing");
  }

  @Test
  void withoutACanaryACandidateWaitsForOne() throws Exception {
    // Given
    canary.connected = false;
    startWithGrace(Duration.ofHours(1));
    var stage = gate.submit(ORDERS, ONE);
    // When
    canary.comeBack();
    canary.answer(ACCEPTED);
    // Then
    assertThat(outcome(stage)).isEqualTo(new PublishOutcome.Published(ONE.version()));
  }

  @Test
  void withoutACanaryForLongCandidatesGoOutUnchecked() {
    // Given
    canary.connected = false;
    startWithGrace(Duration.ofMillis(50));
    // When
    var stage = gate.submit(ORDERS, ONE);
    // Then
    assertThat(outcome(stage)).isEqualTo(new PublishOutcome.Published(ONE.version()));
    assertThat(canary.checked).isEmpty();
    var unchecked = registry.get("portcullis.canary.checks").tag("outcome", "unchecked").counter();
    assertThat(unchecked.count()).isEqualTo(1);
  }

  @Test
  void whatCostACanaryNeverGoesOutUnchecked() throws Exception {
    // Given
    startWithGrace(Duration.ofMillis(50));
    var deadly = gate.submit(ORDERS, ONE);
    soon().until(() -> !canary.checked.isEmpty());
    canary.leave();
    canary.answer(LOST);
    // When
    var harmless = gate.submit(PAYMENTS, TWO);
    // Then
    assertThat(outcome(harmless)).isEqualTo(new PublishOutcome.Published(TWO.version()));
    assertThat(deadly.toCompletableFuture()).isNotDone();
    canary.comeBack();
    canary.answer(LOST);
    assertThat(outcome(deadly))
        .isInstanceOfSatisfying(
            PublishOutcome.Rejected.class,
            rejected -> assertThat(rejected.message()).contains("it went away"));
    assertThat(inForce(ORDERS)).isEqualTo("nothing");
  }

  @Test
  void aCanaryLostByChanceCostsNoMoreThanTime() throws Exception {
    // Given
    startWithGrace(Duration.ofHours(1));
    var stage = gate.submit(ORDERS, ONE);
    canary.answer(LOST);
    // When
    canary.answer(ACCEPTED);
    // Then
    assertThat(outcome(stage)).isEqualTo(new PublishOutcome.Published(ONE.version()));
  }

  @Test
  void aCanaryThatIsSilentForAWhileCostsNoMoreThanTime() throws Exception {
    // Given
    startWithGrace(Duration.ofHours(1));
    var stage = gate.submit(ORDERS, ONE);
    for (var silence = 0; silence < 5; silence++) {
      canary.answer(SILENT);
    }
    // When
    canary.answer(ACCEPTED);
    // Then
    assertThat(outcome(stage)).isEqualTo(new PublishOutcome.Published(ONE.version()));
  }

  @Test
  void whatHoldsTheCanaryIsTriedBehindTheOthersAndRefusedInTheEnd() throws Exception {
    // Given
    startWithGrace(Duration.ofHours(1));
    var holding = gate.submit(ORDERS, ONE);
    soon().until(() -> !canary.checked.isEmpty());
    var other = gate.submit(PAYMENTS, TWO);
    canary.answer(SILENT);
    // When
    canary.answer(ACCEPTED);
    // Then
    assertThat(outcome(other)).isEqualTo(new PublishOutcome.Published(TWO.version()));
    for (var silence = 1; silence < 6; silence++) {
      canary.answer(SILENT);
    }
    assertThat(outcome(holding))
        .isInstanceOfSatisfying(
            PublishOutcome.Rejected.class,
            rejected ->
                assertThat(rejected.message())
                    .isEqualTo("the canary proxy did not answer, 6 times within 5 s each"));
    assertThat(inForce(ORDERS)).isEqualTo("nothing");
  }
}
