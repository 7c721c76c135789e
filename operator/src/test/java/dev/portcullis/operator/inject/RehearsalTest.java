package dev.portcullis.operator.inject;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class RehearsalTest {

  @Test
  void rehearsesTheWholeWayToAPatch() {
    // When
    var answer = Rehearsal.of(Templates.injector(Templates.NONE));
    // Then
    var response = Reviews.read(new String(answer.body(), StandardCharsets.UTF_8)).getResponse();
    assertThat(new String(Base64.getDecoder().decode(response.getPatch()), StandardCharsets.UTF_8))
        .contains("portcullis-proxy", "/app/1");
  }
}
