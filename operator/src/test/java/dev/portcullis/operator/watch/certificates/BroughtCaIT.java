package dev.portcullis.operator.watch.certificates;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portcullis.operator.identity.BroughtCa;
import dev.portcullis.operator.identity.CaMaterial;
import dev.portcullis.operator.identity.TrustBundle;
import dev.portcullis.operator.names.Names;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventList;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A CA in a Secret of somebody else's: used, told about, and never written. */
class BroughtCaIT {

  private static final String BROUGHT = "corporate-ca";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Instant now = Instant.now();
  private OperatorCluster cluster;

  @BeforeEach
  void install() {
    cluster = new OperatorCluster();
    desk().delete();
    brought().delete();
    events().delete();
  }

  @AfterEach
  void uninstall() {
    brought().delete();
    desk().delete();
    cluster.close();
  }

  @Test
  void theFirstAuthorityIsTheOneThatIsBrought() {
    // Given
    var root = BroughtCa.root(now);
    var secret = bring(root.files());

    // When
    var leader = lead();

    // Then its root is trusted, what it signs is issued, and its Secret is untouched
    await().atMost(PATIENCE).until(() -> leader.service().canServe());
    await().atMost(PATIENCE).until(() -> cluster.bundle().get() != null);
    assertThat(cluster.trusted()).isEqualTo(new TrustBundle(List.of(root.certificate())));
    await().atMost(PATIENCE).until(() -> "accepted".equals(line("provided")));
    assertThat(brought().get()).isEqualTo(secret);
  }

  @Test
  void nothingIsMadeInThePlaceOfOneThatCannotBeUsed() {
    // Given a root whose key is another's
    var wrong = BroughtCa.root(now).files();
    wrong.put("tls.key", BroughtCa.root(now).files().get("tls.key"));
    bring(wrong);

    // When
    var leader = lead();

    // Then the event says why, and no root is made
    await()
        .atMost(PATIENCE)
        .until(() -> events().list().getItems().stream().anyMatch(BroughtCaIT::namesTheFault));
    assertThat(leader.state()).isInstanceOf(CaState.Absent.class);
    assertThat(cluster.secret().get()).isNull();

    // When it is mended, then it is used
    var right = BroughtCa.root(now);
    bring(right.files());
    await().atMost(PATIENCE).until(() -> leader.service().canServe());
    assertThat(leader.service().trustBundle().orElseThrow().roots())
        .containsExactly(right.certificate());
  }

  @Test
  void anIssuingCaTakesOverFromTheOperatorsOwnRoot() {
    // Given an operator with its own root
    var own = cluster.leader();
    await().atMost(PATIENCE).until(() -> own.service().canServe());
    await().atMost(PATIENCE).until(() -> cluster.bundle().get() != null);
    cluster.stopReplicas();
    var root = BroughtCa.root(now);
    var secret = bring(root.issuing(now).files(root));

    // When it is told of one that is brought
    lead();

    // Then that takes over in the steps of a rotation, and its root's key is nowhere
    await().atMost(PATIENCE).until(() -> line("current").startsWith("generation 2,"));
    await().atMost(PATIENCE).until(() -> "Steady".equals(line("phase")));
    await().atMost(PATIENCE).until(() -> cluster.trusted().roots().size() == 1);
    assertThat(cluster.trusted()).isEqualTo(new TrustBundle(List.of(root.certificate())));
    assertThat(cluster.secret().get().getData().get(CaMaterial.ROOT_KEY))
        .isEqualTo(Base64.getEncoder().encodeToString("kept elsewhere\n".getBytes(US_ASCII)));
    assertThat(brought().get()).isEqualTo(secret);

    // When what is brought is damaged later, then what signs goes on signing
    bring(Map.of());
    await().atMost(PATIENCE).until(() -> line("provided").startsWith("refused: "));
    assertThat(line("provided")).contains(BROUGHT, "tls.crt is missing or empty");
    assertThat(line("current")).startsWith("generation 2,");
  }

  private static boolean namesTheFault(Event event) {
    return event.getReason().equals("ProvidedAuthorityRefused")
        && event.getNote().contains("tls.key is not the key of tls.crt");
  }

  private OperatorCluster.Replica lead() {
    var leader = cluster.replicaBringing(BROUGHT);
    leader.service().startLeading();
    return leader;
  }

  private Secret bring(Map<String, byte[]> files) {
    brought().delete();
    var data = new TreeMap<String, String>();
    files.forEach((name, text) -> data.put(name, Base64.getEncoder().encodeToString(text)));
    return cluster
        .admin
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName(BROUGHT)
                .withNamespace(OperatorCluster.NAMESPACE)
                .endMetadata()
                .withData(data)
                .build())
        .create();
  }

  private String line(String name) {
    var map = desk().get();
    return map == null || map.getData() == null ? "" : map.getData().getOrDefault(name, "");
  }

  private Resource<Secret> brought() {
    return cluster.admin.secrets().inNamespace(OperatorCluster.NAMESPACE).withName(BROUGHT);
  }

  private NonNamespaceOperation<Event, EventList, Resource<Event>> events() {
    return cluster.admin.events().v1().events().inNamespace(OperatorCluster.NAMESPACE);
  }

  private Resource<ConfigMap> desk() {
    return cluster
        .admin
        .configMaps()
        .inNamespace(OperatorCluster.NAMESPACE)
        .withName(Names.CA_STATUS);
  }
}
