package dev.portcullis.operator.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class HeldLeafTest {

  private static final CertificateAuthority AUTHORITY = Authorities.authority();

  @ParameterizedTest
  @EnumSource(
      names = {"ECDSAP521"},
      mode = Mode.EXCLUDE)
  void aFreshKeyOfEveryCertifiedTypeIsReadBackWithItsCertificate(LeafKey type) {
    var held = sound(files(type));

    assertThat(held.keyType()).contains(type);
    assertThat(held.names(Authorities.ORDERS)).isTrue();
    assertThat(held.names("spiffe://cluster.local/ns/shop/sa/order")).isFalse();
    assertThat(held.fingerprint()).matches("[0-9a-f]{64}");
    assertThat(held.serialNumber()).matches("[0-9a-f]{32}");
    assertThat(AUTHORITY.isIssuerOf(held)).isTrue();
  }

  @Test
  void whatSomebodyPutIntoTheFilesIsTold() {
    var one = files(LeafKey.ECDSAP256);
    var other = files(LeafKey.ECDSAP256);
    var rsa = files(LeafKey.RSA3072);

    assertThat(unsound("", one.key())).isEqualTo("tls.crt holds no certificate");
    assertThat(unsound("garbage", one.key())).isEqualTo("tls.crt holds no certificate");
    assertThat(unsound(cut(one.chain()), one.key())).isEqualTo("tls.crt holds no certificate");
    assertThat(unsound(one.chain(), "")).startsWith("tls.key holds no private key");
    assertThat(unsound(one.chain(), rsa.key())).startsWith("tls.key holds no private key");
    assertThat(unsound(one.chain(), one.key() + other.key()))
        .startsWith("tls.key holds no private key");
    assertThat(unsound(one.chain(), one.chain())).startsWith("tls.key holds no private key");
    assertThat(unsound(one.chain(), other.key())).isEqualTo("tls.key is not the key of tls.crt");
  }

  @Test
  void theMomentOfRenewalIsTheSameForEveryReaderAndSpreadOverCertificates() {
    var longest = Duration.ofHours(24);
    var leaves = IntStream.range(0, 50).mapToObj(i -> files(LeafKey.ECDSAP256)).toList();

    var moments = leaves.stream().map(files -> sound(files).renewal(longest)).toList();

    assertThat(leaves.stream().map(files -> sound(files).renewal(longest))).isEqualTo(moments);
    assertThat(new HashSet<>(moments)).hasSizeGreaterThan(25);
    assertThat(moments)
        .allSatisfy(
            moment ->
                assertThat(Duration.between(sound(leaves.getFirst()).notBefore(), moment))
                    .isBetween(Duration.ofMinutes(648), Duration.ofMinutes(792)));
  }

  @Test
  void anInstallationMayRenewSooner() {
    var held = sound(files(LeafKey.ECDSAP256));

    assertThat(held.renewal(Duration.ofMinutes(30)))
        .isEqualTo(held.notBefore().plus(Duration.ofMinutes(30)));
  }

  @Test
  void noPrivateKeyGoesIntoALog() {
    assertThat(files(LeafKey.ECDSAP256)).asString().doesNotContain("KEY");
  }

  static LeafFiles files(LeafKey type) {
    var key = FreshKey.of(type, CryptoProvider.fastest());
    var order =
        new LeafOrder(
            key.certifiable(),
            Authorities.ORDERS,
            List.of(),
            Duration.ofHours(24),
            Authorities.NOW);
    return key.with(Authorities.issued(AUTHORITY.issue(order)));
  }

  private static HeldLeaf sound(LeafFiles files) {
    return ((HeldLeaf.Reading.Sound) HeldLeaf.read(files)).leaf();
  }

  private static String unsound(String chain, String key) {
    return ((HeldLeaf.Reading.Unsound) HeldLeaf.read(new LeafFiles(chain, key))).reason();
  }

  private static String cut(String pem) {
    return pem.substring(0, 200) + "\n-----END CERTIFICATE-----\n";
  }
}
