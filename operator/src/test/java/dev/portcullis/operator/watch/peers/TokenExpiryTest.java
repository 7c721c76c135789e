package dev.portcullis.operator.watch.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenExpiryTest {

  @Test
  void readsTheExpiry() {
    assertThat(TokenExpiry.of(token("{\"exp\":1795348800}")))
        .contains(Instant.ofEpochSecond(1_795_348_800));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"exp\":\"soon\"}", "{\"exp\":1e99}", "[]", "{", "null"})
  void findsNoneInOtherClaims(String claims) {
    assertThat(TokenExpiry.of(token(claims))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "a.b", "a.b.c.d", "a.*.c"})
  void findsNoneInWhatIsNoToken(String token) {
    assertThat(TokenExpiry.of(token)).isEmpty();
  }

  private static String token(String claims) {
    var payload =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(claims.getBytes(StandardCharsets.UTF_8));
    return "header." + payload + ".signature";
  }
}
