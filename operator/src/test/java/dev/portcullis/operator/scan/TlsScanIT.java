package dev.portcullis.operator.scan;

import static dev.portcullis.operator.intent.KeyType.ECDSAP256;
import static dev.portcullis.operator.intent.KeyType.RSA4096;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.intent.KeyType;
import dev.portcullis.operator.intent.Tls;
import dev.portcullis.operator.intent.Tls.Profile;
import dev.portcullis.operator.intent.Tls.Version;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Nothing below TLS 1.3 by default, and no weak suite in any profile. */
class TlsScanIT {

  private static final Set<String> AES = Set.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384");
  private static final Set<String> AES_AND_CHACHA20 =
      Set.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");
  private static final Set<String> ECDSA =
      Set.of("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384");
  private static final Set<String> RSA =
      Set.of("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
  // The hybrid is beyond what these scanners know; TlsIT sees it.
  private static final Set<String> CURVES = Set.of("X25519", "secp256r1", "secp384r1");
  private static final Set<String> NIST_CURVES = Set.of("secp256r1", "secp384r1");

  /** A port, and all that may be found there. */
  private record Port(
      String name,
      Supplier<Target> open,
      Set<String> suitesOf12,
      Set<String> suitesOf13,
      Set<String> curves) {

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Port> ports() {
    return Stream.of(
        listener("default", Tls.DEFAULT, Set.of(), AES_AND_CHACHA20, CURVES),
        listener("with 1.2", with12(Profile.STANDARD, ECDSAP256), ECDSA, AES_AND_CHACHA20, CURVES),
        listener("of RSA", with12(Profile.STANDARD, RSA4096), RSA, AES_AND_CHACHA20, CURVES),
        listener("FIPS140", with12(Profile.FIPS140, ECDSAP256), ECDSA, AES, NIST_CURVES),
        listener("FIPS140 of RSA", with12(Profile.FIPS140, RSA4096), RSA, AES, NIST_CURVES),
        new Port("xDS", Target::xds, Set.of(), AES_AND_CHACHA20, CURVES),
        new Port("webhook", Target::webhook, Set.of(), AES_AND_CHACHA20, CURVES));
  }

  private static Port listener(
      String name, Tls tls, Set<String> of12, Set<String> of13, Set<String> curves) {
    return new Port("listener " + name, () -> Target.listener(tls), of12, of13, curves);
  }

  private static Tls with12(Profile profile, KeyType key) {
    return new Tls(Version.TLS_1_2, profile, List.of(), List.of(), key);
  }

  @Test
  void bothWouldTellOfAWeakSuite(@TempDir Path forSslyze, @TempDir Path forTestssl) {
    Assumptions.assumeTrue(
        Sslyze.PACKAGES.isPresent() && Testssl.PROGRAM.isPresent(), "SKIPPED: no scanners");
    try (var target = Target.weakListener(with12(Profile.STANDARD, ECDSAP256))) {
      assertThat(Sslyze.scan(forSslyze, target.port(), target.caller()).suites("tls_1_2"))
          .contains("TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA");
      assertThat(Testssl.scan(forTestssl, target.port()).complaints())
          .extracting(Testssl.Finding::id)
          .contains("cipherlist_AVERAGE");
    }
  }

  @ParameterizedTest
  @MethodSource("ports")
  void sslyzeFindsWhatTheProfileSaysAndNoMore(Port port, @TempDir Path home) {
    Assumptions.assumeTrue(
        Sslyze.PACKAGES.isPresent(), "SKIPPED: no sslyze; the test bed says what it needs");
    try (var target = port.open().get()) {
      var found = Sslyze.scan(home, target.port(), target.caller());

      for (var old : List.of("ssl_3_0", "tls_1_0", "tls_1_1")) {
        assertThat(found.suites(old)).as(old).isEmpty();
      }
      assertThat(found.suites("tls_1_2")).isEqualTo(port.suitesOf12());
      assertThat(found.suites("tls_1_3")).isEqualTo(port.suitesOf13());
      assertThat(found.curves()).isEqualTo(port.curves());
      found.assertNothingKnown();
      if (target.caller().isPresent()) {
        found.assertNothingResumes();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("ports")
  void testsslComplainsOfNothing(Port port, @TempDir Path home) {
    Assumptions.assumeTrue(
        Testssl.PROGRAM.isPresent(), "SKIPPED: no testssl.sh; the test bed says what it needs");
    try (var target = port.open().get()) {
      var found = Testssl.scan(home, target.port());

      assertThat(found.complaints()).isEmpty();
      for (var old : List.of("SSLv2", "SSLv3", "TLS1", "TLS1_1")) {
        assertThat(found.says(old)).as(old).startsWith("not offered");
      }
      assertThat(found.says("TLS1_2"))
          .startsWith(port.suitesOf12().isEmpty() ? "not offered" : "offered");
      assertThat(found.says("TLS1_3")).startsWith("offered");
      for (var weak : List.of("NULL", "aNULL", "EXPORT", "LOW", "3DES_IDEA", "AVERAGE")) {
        assertThat(found.says("cipherlist_" + weak)).as(weak).startsWith("not offered");
      }
      assertThat(found.says("cipherlist_STRONG")).startsWith("offered");
    }
  }
}
