package dev.portcullis.operator.whole;

import static dev.portcullis.operator.whole.Scene.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portcullis.operator.identity.CaMaterial;
import dev.portcullis.operator.identity.CaMint;
import dev.portcullis.operator.identity.CertificateAuthority;
import dev.portcullis.operator.identity.CryptoProvider;
import dev.portcullis.operator.identity.FreshKey;
import dev.portcullis.operator.identity.Issuance;
import dev.portcullis.operator.identity.LeafKey;
import dev.portcullis.operator.identity.LeafOrder;
import dev.portcullis.operator.identity.TrustDomain;
import dev.portcullis.operator.identity.rotation.SuccessionInspection;
import dev.portcullis.operator.identity.rotation.SuccessionInspector;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pod whose certificate is not renewed is told of before anybody is refused. */
class NotRenewedIT {

  private static final Duration LIFE = Duration.ofHours(24);

  @TempDir Path home;

  private final AtomicReference<SimpleMeterRegistry> metrics = new AtomicReference<>();
  private Scene scene;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    Assumptions.assumeTrue(Sandbox.possible(), "SKIPPED: needs root, ip, unshare and nft");
    scene =
        Scene.start(
            home,
            (instance, settings) -> {
              var replica = Replica.start(instance, settings);
              metrics.set(replica.registry());
              return replica::close;
            });
  }

  @AfterEach
  void stop() {
    if (scene != null) {
      scene.close();
    }
  }

  @Test
  void thePolicySaysSoUntilItIsRenewed() {
    // Given a pod that serves with a fresh certificate
    await().atMost(PATIENCE).until(() -> left() > 0.9);
    assertThat(scene.policies.says("Expiring")).isEqualTo("nothing");

    // When it serves with one of which a fifth is left
    var late = issuedBefore(Duration.ofHours(19));
    scene.backend.sandbox().write("identity", "credentialbundle.pem", late);

    // Then condition, event and metrics tell, and it is enforced all the same
    await().atMost(PATIENCE).until(() -> scene.policies.says("Expiring").equals("True/NotRenewed"));
    assertThat(scene.policies.message("Expiring")).contains("1 of 1 pods", "orders-1 (ends ");
    await().atMost(PATIENCE).until(() -> scene.policies.hasEvent("NotRenewed"));
    assertThat(scene.policies.says("Ready")).isEqualTo("True/Enforced");
    assertThat(left()).isBetween(0.15, 0.25);
    assertThat(
            metrics
                .get()
                .get("portcullis.policy.certificate.expiry.timestamp")
                .tag("policy", "orders")
                .gauge()
                .value())
        .isLessThan(Instant.now().plus(Duration.ofHours(6)).getEpochSecond());

    // When it is renewed, then nothing is left of it but the news
    scene.renew();
    await().atMost(PATIENCE).until(() -> scene.policies.says("Expiring").equals("nothing"));
    await().atMost(PATIENCE).until(() -> scene.policies.hasEvent("NoLongerExpiring"));
    await().atMost(PATIENCE).until(() -> left() > 0.9);
  }

  private double left() {
    var gauge = metrics.get().get("portcullis.certificate.life.left").tag("name", "pod").gauge();
    return gauge.value();
  }

  /** What the kubelet would have got then, below the same root. */
  private String issuedBefore(Duration time) {
    var crypto = CryptoProvider.fastest();
    var domain = new TrustDomain("cluster.local");
    var then = Instant.now().minus(time);
    var root = kept().root().pair().orElseThrow();
    var issuing = new CaMint(domain, crypto).newIssuing(root, then);
    var authority = new CertificateAuthority(CaMaterial.of(root, issuing), domain, crypto);
    var key = FreshKey.of(LeafKey.ECDSAP256, crypto);
    var identity = domain.serviceAccount(scene.kubelet.namespace(), "orders-1");
    var order = new LeafOrder(key.certifiable(), identity, List.of(), LIFE, then);
    var files = key.with(((Issuance.Issued) authority.issue(order)).leaf());
    return files.key() + files.chain();
  }

  private CaMaterial kept() {
    var files = new HashMap<String, byte[]>();
    scene
        .secret()
        .get()
        .getData()
        .forEach((name, content) -> files.put(name, Base64.getDecoder().decode(content)));
    return ((SuccessionInspection.Sound) SuccessionInspector.inspect(files))
        .succession()
        .current()
        .material();
  }
}
