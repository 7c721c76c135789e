package dev.portcullis.operator.watch.outside;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.intent.ApiKeys;
import dev.portcullis.operator.intent.ApiKeys.Entry;
import dev.portcullis.operator.intent.ApiKeys.Fault;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class KeyFileTest {

  private static final String SOUND = "abcdefgh-0123456789-ABCDEFGHIJKL";

  /** As {@code sha256sum} has it. */
  private static final String DIGEST =
      "382d291d0223cce78b2f647a0bf5b0c5f83f3734c9049d4119389dac05458d36";

  @Test
  void aClientHasTheKeysOfItsLines() {
    var found = read(Map.of("billing", SOUND + "\r\n\n  " + SOUND + "+/=._~\n"));

    assertThat(found.faults()).isEmpty();
    assertThat(found.entries()).hasSize(2).contains(new Entry("billing", DIGEST));
  }

  static Stream<Arguments> unfit() {
    return Stream.of(
        Arguments.of("KeyLength", SOUND.substring(1), ", line 1, is not from 32 to 128"),
        Arguments.of("KeyLength", SOUND.repeat(4) + "x", ", line 1, is not from 32 to 128"),
        Arguments.of("KeyCharacters", SOUND + ",x", ", line 1, has other characters"),
        Arguments.of("KeyCharacters", SOUND + "é", ", line 1, has other characters"),
        Arguments.of("KeyWeak", "abcdefg".repeat(6), ", line 1, has fewer than 8 different"),
        Arguments.of("KeyCount", "\n \n", ", has 0 keys instead of 1 to 4"),
        Arguments.of("KeyCount", (SOUND + "\n").repeat(5), ", has 5 keys instead of 1 to 4"));
  }

  @ParameterizedTest(name = "{0} {2}")
  @MethodSource("unfit")
  void anUnfitKeyIsToldByItsPlaceAndNotShown(String reason, String content, String sentence) {
    var found = read(Map.of("billing", content));

    assertThat(found.entries()).isEmpty();
    assertThat(found.faults())
        .singleElement()
        .satisfies(
            fault -> {
              assertThat(fault.reason()).isEqualTo(reason);
              assertThat(fault.message())
                  .startsWith("Secret shop/clients, billing" + sentence)
                  .doesNotContain(content.strip().isEmpty() ? "shown" : content.strip());
            });
  }

  @Test
  void whatIsWrongWithOneLeavesTheOthersAlone() {
    var found = read(Map.of("billing", "short\n" + SOUND, "_hidden", SOUND, "shipping", SOUND));

    assertThat(found.entries())
        .containsExactly(new Entry("billing", DIGEST), new Entry("shipping", DIGEST));
    assertThat(found.faults()).extracting(Fault::reason).contains("KeyLength", "ClientInvalid");
  }

  @Test
  void anEmptySecretIsTold() {
    assertThat(read(Map.of()).faults())
        .containsExactly(new Fault("SecretEmpty", "Secret shop/clients has no entry."));
  }

  private static ApiKeys.Found read(Map<String, String> contents) {
    var files = new HashMap<String, byte[]>();
    contents.forEach((client, content) -> files.put(client, content.getBytes(UTF_8)));
    return KeyFile.read("shop/clients", files);
  }
}
