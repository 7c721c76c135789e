package dev.portcullis.operator.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.cert.CertPathValidatorException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateAuthorityTest {

  private static final List<?> URI_OF_ORDERS = List.of(6, Authorities.ORDERS);

  static Stream<CryptoProvider> providers() {
    return Stream.of(CryptoProvider.plainJdk(), CryptoProvider.corretto().orElseThrow());
  }

  @ParameterizedTest
  @MethodSource("providers")
  void chainsOfEveryProviderAreValidForAnotherParser(CryptoProvider crypto) {
    // Given an authority whose keys and signatures are a provider's
    var material = new CaMint(Authorities.DOMAIN, crypto).newAuthority(Authorities.NOW);
    var authority = Authorities.authority(material, crypto);

    // When it issues a leaf
    var leaf = Authorities.issued(authority.issue(Authorities.order(Requests.empty("ECDSAP256"))));

    // Then the JDK finds a valid path to the root
    assertThatCode(
            () ->
                SecondOpinion.validate(
                    SecondOpinion.parse(leaf.chain()), authority.trustBundle(), Authorities.NOW))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ECDSAP256", "ECDSAP384", "RSA3072", "RSA4096"})
  void aLeafNamesItsWorkloadAndNothingElse(String keyType) throws Exception {
    var authority = Authorities.authority();
    var keys = Requests.key(keyType);

    var certificate = leafFor(authority, Requests.empty(keys));

    assertThat(certificate.getPublicKey().getEncoded()).isEqualTo(keys.getPublic().getEncoded());
    assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("O=Portcullis");
    assertThat(certificate.getSubjectAlternativeNames()).singleElement().isEqualTo(URI_OF_ORDERS);
    assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
    assertThat(certificate.getExtendedKeyUsage())
        .containsExactlyInAnyOrder("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
    assertThat(certificate.getKeyUsage())
        .containsExactly(true, false, false, false, false, false, false, false, false);
  }

  @Test
  void whatARequestAsksForIsIgnored() throws Exception {
    var certificate = leafFor(Authorities.authority(), Requests.greedy(Requests.key("ECDSAP256")));

    assertThat(certificate.getSubjectAlternativeNames()).singleElement().isEqualTo(URI_OF_ORDERS);
    assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
    assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("O=Portcullis");
  }

  @Test
  void aLeafReachesBackAsFarAsItMayAndIsRenewedNearHalfItsLife() {
    var authority = Authorities.authority();
    var request = Requests.empty("ECDSAP256");

    var leaves =
        IntStream.range(0, 50)
            .mapToObj(i -> Authorities.issued(authority.issue(Authorities.order(request))))
            .toList();

    assertThat(leaves)
        .allSatisfy(
            leaf -> {
              assertThat(leaf.notBefore()).isEqualTo(Authorities.NOW.minusSeconds(290));
              assertThat(leaf.notAfter()).isEqualTo(leaf.notBefore().plus(Duration.ofHours(24)));
              assertThat(Duration.between(leaf.notBefore(), leaf.beginRefreshAt()))
                  .isBetween(Duration.ofMinutes(648), Duration.ofMinutes(792));
            });
    assertThat(leaves)
        .extracting(Leaf::beginRefreshAt)
        .satisfies(CertificateAuthorityTest::areSpread);
  }

  private static void areSpread(List<?> moments) {
    assertThat(new HashSet<>(moments)).hasSizeGreaterThan(moments.size() / 2);
  }

  @Test
  void serialsAreLongAndNeverRepeat() {
    var authority = Authorities.authority();
    var request = Requests.empty("ECDSAP256");

    var serials =
        IntStream.range(0, 200)
            .mapToObj(i -> leafFor(authority, request).getSerialNumber())
            .toList();

    assertThat(serials).doesNotHaveDuplicates().allMatch(serial -> serial.bitLength() == 128);
  }

  @Test
  void aLeafNeverOutlivesItsIssuer() {
    // Given an issuing CA that ends in two hours
    var material = Authorities.material();
    var authority = Authorities.authority(material, CryptoProvider.fastest());
    var end = authority.issuingExpiry();
    var late = at(end.minus(Duration.ofHours(2)));

    var leaf = Authorities.issued(authority.issue(late));

    assertThat(leaf.notAfter()).isEqualTo(end);
  }

  @Test
  void anIssuerAtItsEndIssuesNothing() {
    var authority = Authorities.authority();
    var late = at(authority.issuingExpiry().minus(Duration.ofMinutes(30)));

    assertThat(authority.issue(late))
        .isEqualTo(
            new Issuance.Refused("the issuing CA ends within the hour, and has not been renewed"));
  }

  @Test
  void aClockBeforeTheIssuerIssuesNothing() {
    var authority = Authorities.authority();

    assertThat(authority.issue(at(Authorities.NOW.minus(Duration.ofHours(2)))))
        .isInstanceOf(Issuance.Refused.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spiffe://example.org/ns/shop/sa/orders",
        "spiffe://cluster.local.example.org/ns/shop/sa/orders",
        "https://cluster.local/ns/shop/sa/orders"
      })
  void identitiesOfOtherTrustDomainsAreRefused(String identity) {
    var key = Authorities.acceptable(Requests.empty("ECDSAP256"));
    var order = new LeafOrder(key, identity, List.of(), Duration.ofHours(24), Authorities.NOW);

    assertThat(Authorities.authority().issue(order))
        .isEqualTo(new Issuance.Refused("the identity is not of this trust domain"));
  }

  @Test
  void evenAStolenIssuingKeyIsConfinedToTheTrustDomain() {
    // Given someone who signs with the issuing key whatever they like
    var material = Authorities.material();
    var elsewhere =
        new CertificateAuthority(
            material, new TrustDomain("example.org"), CryptoProvider.fastest());
    var key = Authorities.acceptable(Requests.empty("ECDSAP256"));
    var order =
        new LeafOrder(
            key,
            "spiffe://example.org/ns/a/sa/b",
            List.of(),
            Duration.ofHours(24),
            Authorities.NOW);

    // When a peer checks the chain
    var leaf = Authorities.issued(elsewhere.issue(order));

    // Then the issuing CA's name constraint refuses it
    assertThatThrownBy(
            () ->
                SecondOpinion.validate(
                    SecondOpinion.parse(leaf.chain()), elsewhere.trustBundle(), Authorities.NOW))
        .isInstanceOf(CertPathValidatorException.class)
        .hasMessageContaining("name constraints");
  }

  @Test
  void aRenewedIssuerKeepsTheRootSoThatOldAndNewLeavesAreTrusted() throws Exception {
    // Given a leaf of the first issuing CA
    var material = Authorities.material();
    var root = material.root().pair().orElseThrow();
    var first = Authorities.authority(material, CryptoProvider.fastest());
    var order = Authorities.order(Requests.empty("ECDSAP256"));
    var old = Authorities.issued(first.issue(order));

    // When the issuing CA is renewed
    var mint = new CaMint(Authorities.DOMAIN, CryptoProvider.fastest());
    var second =
        Authorities.authority(
            CaMaterial.of(root, mint.newIssuing(root, Authorities.NOW)), CryptoProvider.fastest());
    var young = Authorities.issued(second.issue(order));

    // Then both chains are valid under one unchanged bundle
    assertThat(second.trustBundle()).isEqualTo(first.trustBundle());
    SecondOpinion.validate(SecondOpinion.parse(old.chain()), second.trustBundle(), Authorities.NOW);
    SecondOpinion.validate(
        SecondOpinion.parse(young.chain()), first.trustBundle(), Authorities.NOW);
  }

  private static LeafOrder at(Instant now) {
    var key = Authorities.acceptable(Requests.empty("ECDSAP256"));
    return new LeafOrder(key, Authorities.ORDERS, List.of(), Duration.ofHours(24), now);
  }

  private static X509Certificate leafFor(CertificateAuthority authority, byte[] request) {
    var leaf = Authorities.issued(authority.issue(Authorities.order(request)));
    return SecondOpinion.parse(leaf.chain()).getFirst();
  }
}
