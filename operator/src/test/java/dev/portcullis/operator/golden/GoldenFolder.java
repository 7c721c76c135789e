package dev.portcullis.operator.golden;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * One case of a suite: {@code src/test/resources/<suite>/<case>/}.
 *
 * <p>Several tests may share a folder; each owns the files of some names and proves them with
 * {@link #expect}. One test of the suite calls {@link #expectOnly} with the names of all.
 */
public record GoldenFolder(Path path) {

  private static final Path ROOT = Path.of("src/test/resources");

  /** Every case of a suite, sorted by name; fails when there is none. */
  public static Stream<GoldenFolder> casesOf(String suite) {
    try (var folders = Files.list(ROOT.resolve(suite))) {
      var sorted = folders.filter(Files::isDirectory).sorted().toList();
      assertThat(sorted).as("cases below %s", ROOT.resolve(suite)).isNotEmpty();
      return sorted.stream().map(GoldenFolder::new);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Names of the files written by hand, sorted. */
  public List<String> inputs() {
    return names(name -> name.startsWith("in-"));
  }

  /** The text of a file. */
  public String read(String name) {
    try {
      return Files.readString(path.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Compares the owned files with what the program says they should be: no more, no fewer, byte by
   * byte; or rewrites them.
   *
   * @param owned which names belong to the calling test, such as {@code name ->
   *     name.startsWith("out-")}
   * @param actual text by name; every name must be an owned one
   */
  public void expect(Predicate<String> owned, Map<String, String> actual) {
    assertThat(actual.keySet()).as("names that the test does not own").allMatch(owned);
    if (Boolean.getBoolean("golden.update")) {
      rewrite(owned, actual);
    }
    SortedMap<String, String> expected = new TreeMap<>();
    names(owned).forEach(name -> expected.put(name, read(name)));
    assertThat(expected.keySet()).as(hint("files")).isEqualTo(new TreeMap<>(actual).keySet());
    expected.forEach((name, text) -> assertThat(actual.get(name)).as(hint(name)).isEqualTo(text));
  }

  /** Fails on any file that no test of the suite owns. */
  public void expectOnly(Predicate<String> known) {
    assertThat(names(known.negate())).as("%s: files that no test uses", path).isEmpty();
  }

  private void rewrite(Predicate<String> owned, Map<String, String> actual) {
    try {
      for (var stale : names(owned)) {
        Files.delete(path.resolve(stale));
      }
      for (var file : actual.entrySet()) {
        Files.writeString(path.resolve(file.getKey()), file.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> names(Predicate<String> wanted) {
    try (var files = Files.list(path)) {
      return files.map(file -> file.getFileName().toString()).filter(wanted).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String hint(String what) {
    return "%s: %s. If the new one is right: mvn -pl operator -am test -Dgolden.update=true%n"
        .formatted(path, what);
  }

  @Override
  public String toString() {
    return path.getFileName().toString();
  }
}
