package dev.portcullis.operator.watch.jwks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.operator.intent.KeySource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedHostsTest {

  @ParameterizedTest
  @CsvSource({
    "login.example.com, https://login.example.com/keys, true",
    "login.example.com, https://login.example.com:443/keys, true",
    "login.example.com, https://login.example.com:8443/keys, false",
    "login.example.com:8443, https://login.example.com:8443/keys, true",
    "login.example.com:8443, https://login.example.com/keys, false",
    "login.example.com, https://login.example.com.evil.example/keys, false",
    "login.example.com, https://evil-login.example.com/keys, false",
    "login.example.com, https://evil.example/login.example.com, false",
    "login.example.com, https://evil.example/?login.example.com, false",
    "*.example.com, https://login.example.com/keys, true",
    "*.example.com, https://a.b.example.com/keys, true",
    "*.example.com, https://example.com/keys, false",
    "*.example.com, https://evilexample.com/keys, false",
    "*.example.com, https://example.com.evil.example/keys, false",
    "*, https://anything.example/keys, true",
    "*, https://anything.example:22/keys, false",
    "*:22, https://anything.example:22/keys, true",
  })
  void anEntryAllowsWhatItSays(String entry, String url, boolean allowed) {
    var found = AllowedHosts.parse(List.of(entry)).entryFor(new KeySource(url, Optional.empty()));

    assertThat(found).isEqualTo(allowed ? Optional.of(entry) : Optional.empty());
  }

  @Test
  void nothingIsAllowedWhereNothingIsSaid() {
    var nothing = AllowedHosts.parse(List.of());

    assertThat(nothing.isEmpty()).isTrue();
    assertThat(nothing.entryFor(new KeySource("https://login.example.com/", Optional.empty())))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "**", "*example.com", "a.*.com", "https://a.example", "a.example/x", "a:0"})
  void whatIsNoEntryStopsTheStart(String entry) {
    assertThatThrownBy(() -> AllowedHosts.parse(List.of(entry)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + entry + "'");
  }
}
