package dev.portcullis.operator.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ProvidedInspectorTest {

  private static final Instant NOW = Authorities.NOW;
  private static final Instant LATER = NOW.plus(Duration.ofDays(9));
  private static final BroughtCa ROOT = BroughtCa.root(NOW);
  private static final BroughtCa ISSUING = ROOT.issuing(NOW);

  @Test
  void aRootIsUsable() {
    assertThat(inspect(ROOT.files()))
        .isEqualTo(
            new ProvidedInspection.Accepted(
                new ProvidedAuthority.OfRoot(
                    new SigningPair(ROOT.certificate(), ROOT.keys().getPrivate()))));
  }

  @Test
  void aRootWithAnRsaKeyIsUsable() {
    var root = BroughtCa.root(BroughtCa.plan(NOW).of(BroughtCa.rsa(3072)));

    assertThat(inspect(root.files())).isInstanceOf(ProvidedInspection.Accepted.class);
  }

  @Test
  void anIssuingCaIsUsableWithItsRootWhoseKeyStaysAway() {
    assertThat(inspect(ISSUING.files(ROOT)))
        .isInstanceOfSatisfying(
            ProvidedInspection.Accepted.class,
            accepted -> {
              var material = ((ProvidedAuthority.OfIssuing) accepted.authority()).material();
              assertThat(material.root().key()).isEmpty();
              assertThat(material.issuing().certificate()).isEqualTo(ISSUING.certificate());
              // and it survives being kept
              assertThat(CaInspector.inspect(CaInspectorTest.files(material)))
                  .isEqualTo(new CaInspection.Sound(material));
            });
  }

  static Stream<Arguments> faults() {
    var constraints = ExtensionOf.caConstraints(1);
    var usage = ExtensionOf.CA_USAGE;
    var elsewhere = ExtensionOf.nameConstraints(new TrustDomain("example.org"));
    var plan = BroughtCa.plan(NOW);
    var below = plan.with(ExtensionOf.caConstraints(0), usage);
    var flat = BroughtCa.root(plan.with(ExtensionOf.caConstraints(0), usage));
    return Stream.of(
        Arguments.of("tls.crt is missing or empty", without(ROOT.files(), "tls.crt")),
        Arguments.of("tls.key is missing or empty", without(ROOT.files(), "tls.key")),
        Arguments.of("ca.crt is missing or empty", ISSUING.files()),
        Arguments.of(
            "tls.key must hold exactly one PEM block of type PRIVATE KEY",
            with(ROOT.files(), "tls.key", ROOT.files().get("tls.crt"))),
        Arguments.of(
            "tls.key is not the key of tls.crt",
            with(ROOT.files(), "tls.key", ISSUING.files().get("tls.key"))),
        Arguments.of(
            "tls.crt is not a CA certificate",
            BroughtCa.root(plan.with(ExtensionOf.LEAF_CONSTRAINTS, ExtensionOf.LEAF_USAGE))
                .files()),
        Arguments.of(
            "tls.crt is not a CA certificate",
            BroughtCa.root(plan.with(constraints, ExtensionOf.LEAF_USAGE)).files()),
        Arguments.of(
            "tls.crt has expired, on " + NOW,
            BroughtCa.root(plan.valid(Instant.EPOCH, NOW)).files()),
        Arguments.of(
            "tls.crt is not valid before " + LATER,
            BroughtCa.root(plan.valid(LATER, LATER.plusSeconds(9))).files()),
        Arguments.of(
            "ca.crt has expired, on " + NOW,
            ISSUING.files(BroughtCa.root(plan.of(ROOT.keys()).valid(Instant.EPOCH, NOW)))),
        Arguments.of(
            "tls.crt has a weak key: RSA with 2048 bits; at least 3072 are needed",
            BroughtCa.root(plan.of(BroughtCa.rsa(2048))).files()),
        Arguments.of(
            "tls.crt is signed with SHA1withRSA; SHA-256 or better is needed",
            BroughtCa.sha1Root(NOW).files()),
        Arguments.of(
            "tls.crt is a root with path length 0, so no issuing CA can be below it", flat.files()),
        Arguments.of(
            "ca.crt is a root with path length 0, so no issuing CA can be below it",
            flat.issuing(below).files(flat)),
        Arguments.of("tls.crt is not signed by ca.crt", ISSUING.files(BroughtCa.root(NOW))),
        Arguments.of("ca.crt has not signed itself", ISSUING.files(ROOT.issuing(plan))),
        Arguments.of(
            "it cannot issue: the issuing CA ends within the hour, and has not been renewed",
            ROOT.issuing(below.valid(Instant.EPOCH, NOW.plusSeconds(600))).files(ROOT)),
        Arguments.of(
            "certificates that it issues would not be valid: ",
            ROOT.issuing(plan.with(ExtensionOf.caConstraints(0), usage, elsewhere)).files(ROOT)),
        Arguments.of(
            "certificates that it issues would not be valid: ",
            BroughtCa.root(plan.with(constraints, usage, elsewhere)).files()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void aFaultIsNamed(String reason, Map<String, byte[]> files) {
    assertThat(inspect(files))
        .isInstanceOfSatisfying(
            ProvidedInspection.Refused.class,
            refused -> assertThat(refused.reason()).startsWith(reason));
  }

  private static ProvidedInspection inspect(Map<String, byte[]> files) {
    return ProvidedInspector.inspect(files, Authorities.DOMAIN, NOW);
  }

  private static Map<String, byte[]> without(Map<String, byte[]> files, String name) {
    files.remove(name);
    return files;
  }

  private static Map<String, byte[]> with(Map<String, byte[]> files, String name, byte[] content) {
    var changed = new HashMap<>(files);
    changed.put(name, content);
    return changed;
  }
}
