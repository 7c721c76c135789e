package dev.portcullis.operator.watch.certificates;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portcullis.operator.apiserver.ApiServer;
import dev.portcullis.operator.identity.CaMaterial;
import dev.portcullis.operator.identity.TrustBundle;
import dev.portcullis.operator.identity.rotation.Elder;
import dev.portcullis.operator.identity.rotation.Straggler;
import dev.portcullis.operator.names.Annotations;
import dev.portcullis.operator.names.Names;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventList;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Duration;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a person asks of the CA's rotation, and reads of it, at a real API server. */
class CaRotationIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Late late = new Late();
  private OperatorCluster cluster;

  @BeforeEach
  void install() {
    cluster = new OperatorCluster();
    desk().delete();
    events().delete();
    lead();
    await().atMost(PATIENCE).until(() -> says("phase", "Steady"));
  }

  @AfterEach
  void uninstall() {
    desk().delete();
    cluster.close();
  }

  @Test
  void aRootIsRotatedAcrossARestartAtEveryStep() {
    // Given
    var old = root();
    late.accepting.add("shop/orders-1");
    late.holding.add("shop/orders-1");

    // When
    ask(Annotations.ROTATE_ROOT, "once");

    // Then the root is published beside the old one, and waits for the straggler, by its name
    await().atMost(PATIENCE).until(() -> says("stragglers", "shop/orders-1: It is late."));
    assertThat(desk().get().getData()).containsEntry("phase", "Distributing");
    assertThat(cluster.trusted().roots()).hasSize(2);
    restart();
    assertThat(root()).isEqualTo(old);
    assertThat(cluster.trusted().roots()).hasSize(2);

    // When it has caught up
    late.accepting.clear();

    // Then a new root signs, and pods get certificates of it
    await().atMost(PATIENCE).until(() -> says("phase", "Retiring"));
    restart();
    assertThat(root()).isNotEqualTo(old);
    assertThat(issuerOfANewPod()).isEqualTo(issuing());
    assertThat(cluster.trusted().roots()).hasSize(2);

    // When nobody holds the old one any more
    late.holding.clear();

    // Then it is trusted no more, and its keys are gone
    await().atMost(PATIENCE).until(() -> says("phase", "Steady"));
    await().atMost(PATIENCE).until(() -> cluster.trusted().roots().size() == 1);
    restart();
    assertThat(cluster.trusted()).isEqualTo(TrustBundle.ofPem(decoded(root())));
    assertThat(cluster.secret().get().getData().keySet())
        .noneMatch(file -> file.startsWith("old-") || file.startsWith("next-"));
    assertThat(reasons())
        .contains("RotationPrepared", "RotationDistributed", "RotationSwitched", "RotationRetired");
  }

  @Test
  void aRotationIsPausedTakenBackBeforeTheSwitchAndAfterIt() {
    // Given one that waits
    var old = root();
    late.accepting.add("shop/orders-1");
    late.holding.add("shop/orders-1");
    ask(Annotations.ROTATE_ROOT, "once");
    await().atMost(PATIENCE).until(() -> says("stragglers", "shop/orders-1"));

    // When it is paused, then nothing moves though nobody is late
    ask(Annotations.PAUSE_ROTATION, "true");
    await().atMost(PATIENCE).until(() -> says("phase", "Paused"));
    late.accepting.clear();
    restart();
    assertThat(root()).isEqualTo(old);
    assertThat(desk().get().getData()).containsEntry("phase", "Paused");

    // When it is taken back, then the new root is trusted no more
    ask(Annotations.ROLL_BACK, "2");
    unask(Annotations.PAUSE_ROTATION);
    await().atMost(PATIENCE).until(() -> says("phase", "Steady"));
    await().atMost(PATIENCE).until(() -> cluster.trusted().roots().size() == 1);
    assertThat(root()).isEqualTo(old);

    // When the next one has switched, and is taken back
    ask(Annotations.ROTATE_ROOT, "twice");
    await().atMost(PATIENCE).until(() -> says("current", "generation 3,"));
    ask(Annotations.ROLL_BACK, "3");

    // Then the old root signs again
    await().atMost(PATIENCE).until(() -> says("current", "generation 4,"));
    assertThat(root()).isEqualTo(old);
    assertThat(cluster.trusted().roots()).hasSize(2);
  }

  @Test
  void aCompromisedCaLosesItsKeysAndGoesAtAWord() {
    // Given
    var old = root();
    late.holding.add("shop/orders-1");

    // When
    ask(Annotations.DISTRUST_CA, "stolen");

    // Then another signs, the keys of the old one are nowhere, and who must be renewed is named
    await().atMost(PATIENCE).until(() -> says("current", "generation 2,"));
    await().atMost(PATIENCE).until(() -> says("stragglers", "shop/orders-1"));
    assertThat(desk().get().getData().get("replaced")).contains("compromised");
    assertThat(cluster.secret().get().getData().keySet())
        .contains("old-1-root.crt")
        .noneMatch(file -> file.startsWith("old-1-") && file.endsWith(".key"));
    assertThat(reasons()).contains("CertificateAuthorityDistrusted");

    // When it is to go at once
    ask(Annotations.RETIRE_NOW, "1");

    // Then
    await().atMost(PATIENCE).until(() -> cluster.trusted().roots().size() == 1);
    assertThat(cluster.trusted()).isNotEqualTo(TrustBundle.ofPem(decoded(old)));
  }

  @Test
  void aFollowerTakesPartInWhatTheLeaderDoes() {
    // Given
    var follower = cluster.replica();
    await().atMost(PATIENCE).until(() -> follower.service().canServe());
    late.holding.add("shop/orders-1");

    // When
    ask(Annotations.ROTATE_ROOT, "once");

    // Then it trusts both roots while they are published, and signs with the new one
    await().atMost(PATIENCE).until(() -> says("current", "generation 2,"));
    await()
        .atMost(PATIENCE)
        .until(() -> follower.service().trustBundle().orElseThrow().equals(cluster.trusted()));
    assertThat(follower.state()).isInstanceOf(CaState.Ready.class);
    assertThat(follower.service().trustBundle().orElseThrow().roots()).hasSize(2);
  }

  @Test
  void aDamagedHeirStopsEverythingAndNothingIsMadeOverIt() {
    // Given a rotation that waits
    late.accepting.add("shop/orders-1");
    ask(Annotations.ROTATE_ROOT, "once");
    await().atMost(PATIENCE).until(() -> says("stragglers", "shop/orders-1"));
    var good = cluster.secret().get().getData();

    // When its key is lost
    var bad = new HashMap<>(good);
    bad.remove("next-" + CaMaterial.ISSUING_KEY);
    cluster.stopReplicas();
    cluster.replaceSecret(bad);
    lead();

    // Then nothing is written, and both roots stay trusted
    await().atMost(PATIENCE).until(() -> reasons().contains("CertificateAuthorityDamaged"));
    assertThat(cluster.secret().get().getData()).isEqualTo(bad);
    assertThat(cluster.trusted().roots()).hasSize(2);

    // When it is restored, then the rotation goes on
    late.accepting.clear();
    cluster.replaceSecret(good);
    await().atMost(PATIENCE).until(() -> says("current", "generation 2,"));
  }

  @Test
  void aClockThatGoesYearsAheadAndComesBackReplacesAndRetiresNothing() {
    // Given a rotation that waits for the last holder of the old root
    cluster.stopReplicas();
    var clock = new JumpingClock();
    lead(cluster.replica(clock));
    late.holding.add("shop/orders-1");
    ask(Annotations.ROTATE_ROOT, "once");
    await().atMost(PATIENCE).until(() -> says("phase", "Retiring"));
    var kept = cluster.secret().get().getData();

    // When the leader's clock is set ahead, past the end of every certificate
    clock.jump(Duration.ofDays(365 * 12));
    await().atMost(PATIENCE).until(() -> says("message", "ahead of the API server's"));
    await().atMost(PATIENCE).until(() -> reasons().contains("ClockDoubted"));
    ask(Annotations.ROTATE_ISSUING, "by somebody who does not know");
    await().atMost(PATIENCE).until(() -> says("message", "No step is taken"));

    // Then nothing was taken, though by that clock everything is overdue; and signing goes on
    assertThat(issuerOfANewPod()).isEqualTo(issuing());
    assertThat(cluster.secret().get().getData()).isEqualTo(kept);
    assertThat(cluster.trusted().roots()).hasSize(2);

    // When it is right again, then the rotation goes on where it was
    clock.jump(Duration.ofDays(-365 * 12));
    late.holding.clear();
    await().atMost(PATIENCE).until(() -> says("current", "generation 3,"));
    await().atMost(PATIENCE).until(() -> cluster.trusted().roots().size() == 1);
    assertThat(reasons()).containsOnlyOnce("ClockDoubted");
  }

  /** Returns when the new leader has made up its mind. */
  private void restart() {
    cluster.stopReplicas();
    desk()
        .edit(
            map -> {
              map.setData(Map.of());
              return map;
            });
    lead();
    await().atMost(PATIENCE).until(() -> !desk().get().getData().isEmpty());
  }

  private void lead() {
    lead(cluster.replica());
  }

  private void lead(OperatorCluster.Replica leader) {
    leader.service().consult(late);
    leader.service().startLeading();
  }

  private List<String> reasons() {
    return events().list().getItems().stream().map(Event::getReason).toList();
  }

  private NonNamespaceOperation<Event, EventList, Resource<Event>> events() {
    return cluster.admin.events().v1().events().inNamespace(OperatorCluster.NAMESPACE);
  }

  private Object issuerOfANewPod() {
    var namespace = ApiServer.namespace(cluster.admin, "shop").getMetadata().getName();
    var kubelet = new Kubelet(cluster.admin, namespace);
    var request = kubelet.ask(kubelet.start("orders"));
    await().atMost(PATIENCE).until(() -> kubelet.answerTo(request).equals("Issued"));
    return TrustBundle.ofPem(kubelet.statusOf(request).getCertificateChain()).roots().get(1);
  }

  private Object issuing() {
    var text = cluster.secret().get().getData().get(CaMaterial.ISSUING_CERTIFICATE);
    return TrustBundle.ofPem(decoded(text)).roots().getFirst();
  }

  private String root() {
    return cluster.secret().get().getData().get(CaMaterial.ROOT_CERTIFICATE);
  }

  private static String decoded(String base64) {
    return new String(Base64.getDecoder().decode(base64), US_ASCII);
  }

  private void ask(String annotation, String text) {
    desk()
        .edit(
            map -> {
              map.getMetadata().getAnnotations().put(annotation, text);
              return map;
            });
  }

  private void unask(String annotation) {
    desk()
        .edit(
            map -> {
              map.getMetadata().getAnnotations().remove(annotation);
              return map;
            });
  }

  private boolean says(String name, String text) {
    var map = desk().get();
    return map != null && map.getData().getOrDefault(name, "").contains(text);
  }

  private Resource<ConfigMap> desk() {
    return cluster
        .admin
        .configMaps()
        .inNamespace(OperatorCluster.NAMESPACE)
        .withName(Names.CA_STATUS);
  }

  /** Pods that the test says are late. */
  private static final class Late implements Witness {

    final Set<String> accepting = ConcurrentHashMap.newKeySet();
    final Set<String> holding = ConcurrentHashMap.newKeySet();

    @Override
    public List<Straggler> yetToAccept(Candidate candidate) {
      return named(accepting);
    }

    @Override
    public Map<Elder, List<Straggler>> stillHolding(Collection<Elder> elders) {
      return elders.stream().collect(Collectors.toMap(elder -> elder, elder -> named(holding)));
    }

    private static List<Straggler> named(Set<String> pods) {
      return pods.stream().map(pod -> new Straggler(pod, "It is late.")).toList();
    }
  }
}
