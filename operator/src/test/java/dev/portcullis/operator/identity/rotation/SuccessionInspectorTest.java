package dev.portcullis.operator.identity.rotation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SuccessionInspectorTest {

  /** With an heir, an elder that can come back, and one that cannot. */
  private static final Map<String, String> FILES = files();

  @Test
  void anAuthorityWithoutNotesIsTheFirst() {
    var files = new HashMap<String, String>();
    FILES.forEach(
        (name, text) -> {
          if (name.startsWith("root.") || name.startsWith("issuing.")) {
            files.put(name, text);
          }
        });

    assertThat(inspect(files))
        .isInstanceOfSatisfying(
            SuccessionInspection.Sound.class,
            sound -> {
              assertThat(sound.succession().current().number()).isEqualTo(1);
              assertThat(sound.succession().elders()).isEmpty();
            });
  }

  @Test
  void filesOfOthersAreNoneOfOurs() {
    assertThat(FILES.keySet()).allMatch(SuccessionFiles::isOurs);
    assertThat(List.of("tls.crt", "notes", "old-root.crt")).noneMatch(SuccessionFiles::isOurs);
  }

  static Stream<Arguments> damage() {
    return Stream.of(
        damaged("root.key is missing or empty", files -> files.remove("root.key")),
        damaged(
            "next-issuing.key is not the key of issuing.crt",
            files -> files.put("next-issuing.key", files.get("issuing.key"))),
        damaged("next-root.crt is missing or empty", files -> files.remove("next-root.crt")),
        damaged(
            "old-2-root.key is not the key of root.crt",
            files -> files.put("old-2-root.key", files.get("root.key"))),
        damaged(
            "old-1-root.crt must hold exactly one certificate",
            files -> files.remove("old-1-root.crt")),
        damaged(
            "rotation: it is not understood: no line 'current'",
            files -> files.put("rotation", "")),
        damaged(
            "rotation: it is not understood: line 'surprise'",
            files -> files.merge("rotation", "surprise 1\n", String::concat)));
  }

  private static Arguments damaged(String reason, Consumer<Map<String, String>> damage) {
    return Arguments.of(reason, damage);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("damage")
  void oneDamagedFileCondemnsAll(String reason, Consumer<Map<String, String>> damage) {
    var files = new HashMap<>(FILES);
    assertThat(inspect(files)).isInstanceOf(SuccessionInspection.Sound.class);

    damage.accept(files);

    assertThat(inspect(files)).isEqualTo(new SuccessionInspection.Unsound(reason));
  }

  private static SuccessionInspection inspect(Map<String, String> files) {
    var bytes = new HashMap<String, byte[]>();
    files.forEach((name, text) -> bytes.put(name, text.getBytes(UTF_8)));
    return SuccessionInspector.inspect(bytes);
  }

  private static Map<String, String> files() {
    var world = new World();
    world.holders = List.of(World.LATE);
    for (var text : List.of("one", "two", "three")) {
      world.wish(Wish.ROTATE_ROOT, text).settle();
      if (!text.equals("three")) {
        world.later(World.SPREAD).settle();
      }
    }
    return SuccessionFiles.write(world.kept());
  }
}
