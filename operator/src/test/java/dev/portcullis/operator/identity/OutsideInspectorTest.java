package dev.portcullis.operator.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.envoytest.TestPki;
import dev.portcullis.operator.identity.OutsideInspection.Fault;
import dev.portcullis.operator.identity.OutsideInspection.Faulty;
import dev.portcullis.operator.identity.OutsideInspection.Reach;
import dev.portcullis.operator.identity.OutsideInspection.Sound;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OutsideInspectorTest {

  private static final TestPki PKI = TestPki.create();
  private static final TestPki OTHER = TestPki.create();
  private static final String NONE = "";

  @Test
  void aRootIsEnough() {
    assertThat(inspect(PKI.trustBundle(), NONE))
        .isInstanceOfSatisfying(
            Sound.class,
            sound -> {
              assertThat(sound.authorities()).isEqualToIgnoringWhitespace(PKI.trustBundle());
              assertThat(sound.reach()).isEqualTo(Reach.NONE);
              assertThat(sound.until()).isEqualTo(PKI.rootCertificate().getNotAfter().toInstant());
            });
  }

  @Test
  void textBetweenCertificatesIsNotHandedOn() {
    var commented = "# ours\n" + PKI.trustBundle() + "\nnext\n" + OTHER.trustBundle();

    assertThat(inspect(commented, NONE))
        .isInstanceOfSatisfying(
            Sound.class,
            sound ->
                assertThat(sound.authorities())
                    .isEqualToIgnoringWhitespace(PKI.trustBundle() + OTHER.trustBundle()));
  }

  @Test
  void everyIssuerWithItsListIsCheckedUpToTheRoot() {
    var lists = PKI.listOfIssuing() + PKI.listOfRoot();

    assertThat(reach(PKI.authorities(), lists)).isEqualTo(Reach.WHOLE_CHAINS);
    assertThat(reach(PKI.issuingAuthority(), PKI.listOfIssuing())).isEqualTo(Reach.LEAVES);
  }

  @Test
  void aListInDerIsTaken() {
    var list = PKI.listOfRoot();
    var der = Base64.getMimeDecoder().decode(list.replaceAll("-----[^-]+-----", ""));

    assertThat(OutsideInspector.inspect(bytes(PKI.trustBundle()), Optional.of(der), Instant.now()))
        .isInstanceOfSatisfying(
            Sound.class, sound -> assertThat(sound.lists()).isEqualToIgnoringWhitespace(list));
  }

  @Test
  void theNewestListOfACaCounts() {
    var lists = PKI.staleListOfIssuing() + PKI.listOfIssuing();

    assertThat(inspect(PKI.issuingAuthority(), lists))
        .isInstanceOfSatisfying(
            Sound.class,
            sound -> {
              assertThat(sound.lists().split("BEGIN")).hasSize(2);
              assertThat(sound.until()).isBefore(Instant.now().plus(Duration.ofMinutes(61)));
            });
  }

  /** A proxy would look for the issuer by name alone, and find the first. */
  @Test
  void twoCasOfOneNameNeedKeyIdentifiers() {
    var two = PKI.trustBundle() + OTHER.trustBundle();
    var anonymous = TestPki.withoutKeyIdentifiers();

    assertThat(inspect(two, NONE)).isInstanceOf(Sound.class);
    assertThat(inspect(anonymous.trustBundle(), NONE)).isInstanceOf(Sound.class);
    assertThat(inspect(PKI.trustBundle() + anonymous.trustBundle(), NONE))
        .isInstanceOfSatisfying(
            Faulty.class, faulty -> assertThat(faulty.fault()).isEqualTo(Fault.CaInvalid));
  }

  static Stream<Arguments> faults() {
    var root = PKI.trustBundle();
    var issuing = PKI.issuingAuthority();
    var leaf = PKI.issue("spiffe://partner.example/a");
    return Stream.of(
        Arguments.of("nothing", NONE, NONE, Fault.CaInvalid),
        Arguments.of("garbage", "garbage", NONE, Fault.CaInvalid),
        Arguments.of("half", root.substring(0, 200), NONE, Fault.CaInvalid),
        Arguments.of("one and a half", root + root.substring(0, 200), NONE, Fault.CaInvalid),
        Arguments.of("another byte", root.replace("MII", "MIJ"), NONE, Fault.CaInvalid),
        Arguments.of("a leaf", leaf.certificates(), NONE, Fault.CaInvalid),
        Arguments.of("a leaf beside it", root + leaf.certificates(), NONE, Fault.CaInvalid),
        Arguments.of("a key beside it", leaf.bundle(), NONE, Fault.CaInvalid),
        Arguments.of("a list for a CA", PKI.listOfRoot(), NONE, Fault.CaInvalid),
        Arguments.of("a CA for a list", root, root, Fault.CrlInvalid),
        Arguments.of("garbage for a list", root, "garbage", Fault.CrlInvalid),
        Arguments.of("half a list", root, PKI.listOfRoot().substring(0, 99), Fault.CrlInvalid),
        Arguments.of("another's list of that name", root, OTHER.listOfRoot(), Fault.CrlInvalid),
        Arguments.of(
            "another's beside it", root, PKI.listOfRoot() + OTHER.listOfRoot(), Fault.CrlInvalid),
        Arguments.of("the wrong CA's list", PKI.authorities(), PKI.listOfRoot(), Fault.CrlMissing),
        Arguments.of("a stale list", issuing, PKI.staleListOfIssuing(), Fault.CrlExpired),
        Arguments.of("an early list", issuing, PKI.earlyListOfIssuing(), Fault.CrlInvalid));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void whatIsNotSoundIsRefused(String what, String authorities, String lists, Fault fault) {
    assertThat(inspect(authorities, lists))
        .as(what)
        .isInstanceOfSatisfying(
            Faulty.class,
            faulty -> {
              assertThat(faulty.fault()).isEqualTo(fault);
              assertThat(faulty.message()).doesNotEndWith(".");
            });
  }

  @Test
  void aCaCountsWhileItIsValid() {
    var end = PKI.rootCertificate().getNotAfter().toInstant();
    var begin = PKI.rootCertificate().getNotBefore().toInstant();

    assertThat(at(end.minusSeconds(1))).isInstanceOf(Sound.class);
    assertThat(at(end))
        .isInstanceOfSatisfying(
            Faulty.class, faulty -> assertThat(faulty.fault()).isEqualTo(Fault.CaExpired));
    assertThat(at(begin)).isInstanceOf(Sound.class);
    assertThat(at(begin.minusSeconds(1))).isInstanceOf(Faulty.class);
  }

  private static OutsideInspection at(Instant time) {
    return OutsideInspector.inspect(bytes(PKI.trustBundle()), Optional.empty(), time);
  }

  private static Reach reach(String authorities, String lists) {
    return ((Sound) inspect(authorities, lists)).reach();
  }

  private static OutsideInspection inspect(String authorities, String lists) {
    return OutsideInspector.inspect(
        bytes(authorities),
        lists.isEmpty() ? Optional.empty() : Optional.of(bytes(lists)),
        Instant.now());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
