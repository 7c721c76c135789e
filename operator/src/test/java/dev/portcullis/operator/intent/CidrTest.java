package dev.portcullis.operator.intent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.0.0.0/8",
    "10.1.2.3/8, 10.0.0.0/8",
    "0.0.0.0/0, 0.0.0.0/0",
    "255.255.255.255/32, 255.255.255.255/32",
    "2001:db8::/32, 2001:db8::/32",
    "2001:DB8:0:0:1:0:0:1/128, 2001:db8::1:0:0:1/128",
    "::/0, ::/0",
    "::1/128, ::1/128",
    "fe80::1/64, fe80::/64",
    "10::1/128, 10::1/128",
  })
  void isWrittenInItsOneCanonicalForm(String given, String canonical) {
    assertThat(Cidr.parse(given)).hasToString(canonical);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.200.0.0/16, true",
    "10.0.0.0/8, 10.0.0.0/8, true",
    "10.0.0.0/16, 10.0.0.0/8, false",
    "10.0.0.0/8, 11.0.0.0/16, false",
    "0.0.0.0/0, ::1/128, false",
    "2001:db8::/32, 2001:db8:ffff::/48, true",
  })
  void containsAnotherWhenAllOfItIsInside(String outer, String inner, boolean contained) {
    assertThat(Cidr.parse(outer).contains(Cidr.parse(inner))).isEqualTo(contained);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.0",
        "10.0.0.0/33",
        "10.0.0/8",
        "example.com/8",
        "::/129",
        "1.2.3.4/-1",
        "/8"
      })
  void refusesWhatIsNoCidr(String text) {
    assertThatThrownBy(() -> Cidr.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatLiesInAnotherIsNamedOnce() {
    var blocks =
        Stream.of(
                "10.1.2.3/32",
                "2001:db8::/32",
                "10.0.0.0/8",
                "10.1.0.0/16",
                "9.0.0.0/8",
                "10.0.0.0/8")
            .map(Cidr::parse)
            .toList();

    assertThat(Cidr.outermost(blocks))
        .extracting(Cidr::toString)
        .containsExactly("9.0.0.0/8", "10.0.0.0/8", "2001:db8::/32");
  }

  @Test
  void aBlockThatBeginsWhereALargerOneDoesLiesInIt() {
    var blocks = Stream.of("10.0.0.0/16", "10.0.0.0/8", "10.0.0.0/32").map(Cidr::parse).toList();

    assertThat(Cidr.outermost(blocks)).containsExactly(Cidr.parse("10.0.0.0/8"));
  }
}
