package dev.portcullis.operator.watch.jwks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedAddressesTest {

  private static final AllowedAddresses PUBLIC_ALONE = AllowedAddresses.with(List.of());
  private static final AllowedAddresses EVERYTHING =
      AllowedAddresses.with(List.of("0.0.0.0/0", "::/0"));

  @ParameterizedTest
  @ValueSource(strings = {"8.8.8.8", "172.15.255.255", "172.32.0.1", "2606:4700::6810:84e5"})
  void thePublicInternetIsAllowed(String address) {
    assertThat(PUBLIC_ALONE.allows(InetAddress.ofLiteral(address))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.255.255.254",
        "10.96.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "100.64.0.1",
        "198.18.0.1",
        "192.0.2.1",
        "::1",
        "fc00::1",
        "fd00:10:96::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::a00:1",
        "2002:7f00:1::1",
        "2001::1",
        "2001:db8::1",
        "fec0::1",
        "5f00::1"
      })
  void whatIsPrivateOrStandsForItIsAllowedOnlyByTheInstallation(String address) {
    assertThat(PUBLIC_ALONE.allows(InetAddress.ofLiteral(address))).isFalse();
    assertThat(EVERYTHING.allows(InetAddress.ofLiteral(address))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "169.254.169.254",
        "::ffff:169.254.169.254",
        "169.254.0.1",
        "168.63.129.16",
        "100.100.100.200",
        "192.0.0.192",
        "fd00:ec2::254",
        "fe80::1",
        "0.0.0.0",
        "0.1.2.3",
        "::",
        "224.0.0.1",
        "255.255.255.255",
        "ff02::1"
      })
  void metadataServicesAndTheLinkAreNeverAllowed(String address) {
    assertThat(PUBLIC_ALONE.allows(InetAddress.ofLiteral(address))).isFalse();
    assertThat(EVERYTHING.allows(InetAddress.ofLiteral(address))).isFalse();
  }

  @Test
  void aZoneHidesNothing() throws UnknownHostException {
    var zoned =
        Inet6Address.getByAddress(
            "x", InetAddress.ofLiteral("fe80::1").getAddress(), /* scope */ 1);

    assertThat(EVERYTHING.allows(zoned)).isFalse();
  }

  @Test
  void theInstallationAllowsOneNetworkAndNoMore() {
    var one = AllowedAddresses.with(List.of("10.96.0.0/12"));

    assertThat(one.allows(InetAddress.ofLiteral("10.96.0.10"))).isTrue();
    assertThat(one.allows(InetAddress.ofLiteral("10.112.0.10"))).isFalse();
    assertThat(one.allows(InetAddress.ofLiteral("127.0.0.1"))).isFalse();
    assertThatThrownBy(() -> AllowedAddresses.with(List.of("10.96.0.0")))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
