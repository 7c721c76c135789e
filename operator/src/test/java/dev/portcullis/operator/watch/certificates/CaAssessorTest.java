package dev.portcullis.operator.watch.certificates;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.identity.CaMint;
import dev.portcullis.operator.identity.CryptoProvider;
import dev.portcullis.operator.identity.TrustBundle;
import dev.portcullis.operator.identity.TrustDomain;
import dev.portcullis.operator.identity.rotation.Cause;
import dev.portcullis.operator.identity.rotation.Kind;
import dev.portcullis.operator.identity.rotation.Step;
import dev.portcullis.operator.identity.rotation.StepTaker;
import dev.portcullis.operator.identity.rotation.Succession;
import dev.portcullis.operator.identity.rotation.SuccessionFiles;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Which Secret a process accepts that remembers another root. */
class CaAssessorTest {

  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final TrustDomain DOMAIN = new TrustDomain("cluster.local");
  private static final CaMint MINT = new CaMint(DOMAIN, CryptoProvider.fastest());

  private final StepTaker taker = new StepTaker(MINT);
  private final CaAssessor assessor = new CaAssessor(DOMAIN, CryptoProvider.fastest());
  private final Succession before = Succession.first(MINT.newAuthority(NOW), Duration.ofHours(24));
  private final Succession switched =
      after(
          after(before, new Step.Prepare(Kind.ROOT, Cause.ASKED, Optional.empty())),
          new Step.Switch(List.of()));
  private final Succession retired =
      after(switched, new Step.Retire(1, List.of(), Optional.empty()));

  @Test
  void aProcessThatMissedTheWholeDistributionFollowsTheSwitch() {
    assertThat(assess(switched, before.trustBundle(), switched.trustBundle()))
        .isInstanceOf(CaState.Ready.class);
  }

  @Test
  void aRootThatIsNotPublishedIsForeignWhateverIsKeptBesideIt() {
    assertThat(assess(switched, before.trustBundle(), before.trustBundle()))
        .isInstanceOf(CaState.Foreign.class);
  }

  @Test
  void anAuthorityThatIsNoRelativeIsForeignEvenIfItIsPublished() {
    var stranger = Succession.first(MINT.newAuthority(NOW), Duration.ofHours(24));

    assertThat(assess(stranger, before.trustBundle(), stranger.trustBundle()))
        .isInstanceOf(CaState.Foreign.class);
  }

  @Test
  void aBackupFromBeforeARotationIsForeignOnceItsRootIsRetired() {
    assertThat(assess(before, retired.trustBundle(), retired.trustBundle()))
        .isInstanceOf(CaState.Foreign.class);
    assertThat(
            assessor.assess(
                Optional.of(secret(before)),
                new CaAssessor.Known(Optional.empty(), Optional.of(retired.trustBundle()))))
        .isInstanceOf(CaState.Foreign.class);
  }

  private CaState assess(Succession kept, TrustBundle remembered, TrustBundle published) {
    return assessor.assess(
        Optional.of(secret(kept)),
        new CaAssessor.Known(Optional.of(remembered), Optional.of(published)));
  }

  private Succession after(Succession kept, Step step) {
    return taker.after(kept, step, NOW);
  }

  private static Secret secret(Succession kept) {
    var data = new TreeMap<String, String>();
    SuccessionFiles.write(kept)
        .forEach(
            (name, text) ->
                data.put(name, Base64.getEncoder().encodeToString(text.getBytes(US_ASCII))));
    return new SecretBuilder().withData(data).build();
  }
}
