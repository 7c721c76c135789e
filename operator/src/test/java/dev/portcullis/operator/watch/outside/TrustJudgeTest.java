package dev.portcullis.operator.watch.outside;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.envoytest.TestPki;
import dev.portcullis.operator.intent.Trust;
import dev.portcullis.operator.intent.Trust.Material.Unusable;
import dev.portcullis.operator.intent.Trust.Material.Usable;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TrustJudgeTest {

  private static final TestPki PKI = TestPki.create();
  private static final Trust.File AUTHORITIES = new Trust.File("partner", "ca.crt");
  private static final Trust.File LISTS = new Trust.File("partner-crl", "ca.crl");
  private static final Trust.Source ALONE = new Trust.Source(AUTHORITIES, Optional.empty());
  private static final Trust.Source BOTH = new Trust.Source(AUTHORITIES, Optional.of(LISTS));

  @Test
  void soundFilesAreUsable() {
    assertThat(judge(BOTH, sound(), listed(PKI.listOfRoot()))).isInstanceOf(Usable.class);
  }

  @Test
  void theSentenceNamesSecretKeyAndFault() {
    assertThat(judge(ALONE, new SecretReading.Missing(), null))
        .isEqualTo(new Unusable("SecretMissing", "Secret shop/partner is not there."));
    assertThat(judge(ALONE, new SecretReading.Forbidden(), null))
        .isEqualTo(
            new Unusable(
                "Forbidden", "The operator may not read Secret shop/partner: grant it, by name."));
    assertThat(judge(ALONE, found("ca.crt", ""), null))
        .isEqualTo(new Unusable("KeyMissing", "Secret shop/partner has nothing under ca.crt."));
    assertThat(judge(ALONE, found("ca.crt", "x"), null))
        .isEqualTo(
            new Unusable("CaInvalid", "Secret shop/partner, ca.crt, holds no certificate in PEM."));
    assertThat(judge(BOTH, sound(), listed("x")))
        .isEqualTo(
            new Unusable(
                "CrlInvalid", "Secret shop/partner-crl, ca.crl, holds no CRL, or a damaged one."));
  }

  /** Who asks for revocation and gives no list would otherwise get none. */
  @Test
  void aListThatIsNotThereClosesTheEntrance() {
    assertThat(judge(BOTH, sound(), new SecretReading.Missing()))
        .isEqualTo(new Unusable("SecretMissing", "Secret shop/partner-crl is not there."));
    assertThat(judge(BOTH, sound(), new SecretReading.Unanswered("later")))
        .isEqualTo(
            new Unusable(
                "SecretUnreadable", "Secret shop/partner-crl could not be read yet: later"));
  }

  private static SecretReading sound() {
    return found("ca.crt", PKI.trustBundle());
  }

  private static SecretReading listed(String text) {
    return found("ca.crl", text);
  }

  private static SecretReading found(String key, String text) {
    return new SecretReading.Found("1", Map.of(key, text.getBytes(UTF_8)));
  }

  private static Trust.Material judge(
      Trust.Source source, SecretReading authorities, SecretReading lists) {
    return new TrustJudge("shop", name -> name.equals("partner") ? authorities : lists)
        .judge(source, Instant.now())
        .material();
  }
}
