package dev.portcullis.operator.resolve.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.intent.Documentation.Point;
import dev.portcullis.operator.resolve.openapi.OpenApiReading.Read;
import dev.portcullis.operator.resolve.openapi.OpenApiReading.Unreadable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenApiReaderTest {

  @Test
  void readsTheSameOfYamlAndJson() {
    var yaml = document("openapi: 3.0.3\npaths: {/a: {get: {operationId: a}}}");
    var json =
        document(
            "\n {\"openapi\": \"3.0.3\",\t\"paths\": {\"/a\": {\"get\": {\"operationId\": \"a\"}}}}");

    assertThat(yaml.operations()).isEqualTo(json.operations()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          swagger: "2.0" | #/swagger | Convert
          paths: {} | #/openapi | '3.0.3'
          openapi: 3.0 | #/openapi | '3.0.3'
          openapi: 3.2.0 | #/openapi | '3.0.3'
          openapi: {a: b} | #/openapi | '3.0.3'
          [] | #/openapi | '3.0.3'
          42 | #/openapi | '3.0.3'
          {"openapi": "3.0.3", | `` | line 1
          {"openapi": "3.0.3"} {} | `` | line 1
          {"openapi": "3.0.3", "openapi": "3.1.0"} | `` | line 1
          openapi: [ | `` | line 1
          openapi: !!java.net.URL [http://127.0.0.1] | `` | YAML
          &a [*a] | `` | no end
          {openapi: 3.0.3, openapi: 3.1.0} | `` | line 1
          {? {a: b} : c} | `` | line 1
          """)
  void saysWhatIsWrongWithWhatIsNoDocument(String text, String pointer, String words) {
    var unreadable = unreadable(text);

    assertThat(unreadable.pointer()).isEqualTo(pointer == null ? "" : pointer);
    assertThat(unreadable.message()).contains(words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {/a: 7} | #/paths/~1a | methods of this path
          {/a: {get: no}} | #/paths/~1a/get | describes the operation
          {"/a/{b}": {}, "/a/{c}": {}} | #/paths/~1a~1{c} | #/paths/~1a~1{b}
          {/a: {$ref: other.yaml}} | #/paths/~1a/$ref | nothing is ever fetched
          {/a: {$ref: "file:///etc/passwd"}} | #/paths/~1a/$ref | nothing is ever fetched
          {/a: {$ref: "#/paths/~1a"}} | #/paths/~1a | leads back to itself
          {/a: {$ref: "#/paths/~1b"}, /b: {$ref: "#/paths/~1a"}} | #/paths/~1a | leads back to itself
          {/a: {$ref: "#/nowhere"}} | #/paths/~1a/$ref | is in the document
          {/a: {get: {requestBody: {$ref: "b.yaml"}}}} | #/paths/~1a/get/requestBody/$ref | is ever fetched
          {/a: {get: {parameters: [{$ref: "http://x"}]}}} | #/paths/~1a/get/parameters/0/$ref | is ever fetched
          {/a: {$ref: "#/components/x", get: {}}} | #/paths/~1a | beside a $ref
          {/a: {<<: {get: {}}}} | #/paths/~1a | merge key
          """)
  void saysWhereAPathCannotBeRead(String paths, String pointer, String words) {
    var unreadable = unreadable("openapi: 3.0.3\ncomponents: {x: {}}\npaths: " + paths);

    assertThat(unreadable.pointer()).isEqualTo(pointer);
    assertThat(unreadable.message()).contains(words);
  }

  @Test
  void refusesAFewLinesThatStandForMoreThanFitsIntoMemory() {
    var bomb =
        "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
            + IntStream.range(1, 12)
                .mapToObj(
                    level ->
                        "a%d: &a%d [%s]\n"
                            .formatted(
                                level,
                                level,
                                IntStream.range(0, 9)
                                    .mapToObj(each -> "*a" + (level - 1))
                                    .collect(Collectors.joining(", "))))
                .collect(Collectors.joining());

    assertThat(unreadable("openapi: 3.0.3\n" + bomb).message()).contains("aliases written out");
  }

  @Test
  void takesTheAliasesThatGeneratorsWrite() {
    var document =
        document(
            """
            openapi: 3.0.3
            paths:
              /a/{id}: {parameters: &id001 [{name: id, in: path, schema: {type: integer}}], get: {}}
              /b/{id}: {parameters: *id001, get: {}}
            """);

    assertThat(document.operations())
        .extracting(each -> each.segments().getLast().values().orElseThrow().regex())
        .containsExactly("-?[0-9]+", "-?[0-9]+");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{\"a\":", "- ", "{a: ", "(", "\"", "\t", "&a ", "? "})
  void readsDepthAndNoiseToTheEnd(String repeated) {
    assertThat(OpenApiReader.read(repeated.repeat(100_000))).isInstanceOf(Unreadable.class);
  }

  @Test
  void readsAsMuchAsAConfigMapHolds() {
    var filler = "#".repeat(DocumentText.MOST_CHARACTERS);

    assertThat(OpenApiReader.read("openapi: 3.0.3\n" + filler)).isInstanceOf(Unreadable.class);
    assertThat(document("openapi: 3.0.3\n" + filler.substring(15)).operations()).isEmpty();
  }

  @Test
  void readsAThousandOperationsAndNoMore() {
    assertThat(document(ofOperations(1000)).operations()).hasSize(1000);
    assertThat(unreadable(ofOperations(1001)).message()).contains("more than 1000 operations");
  }

  @Test
  void quotesNoMoreThanALineOfWhatItReads() {
    var unreadable = unreadable("openapi: 3.0.3\npaths: {? \"/a\\a" + "b".repeat(900) + "\" : 7}");

    assertThat(unreadable.pointer()).hasSizeLessThan(200).doesNotContain("\u0007");
  }

  @Test
  void ordersConcretePathsBeforeThoseWithVariables() {
    var document =
        document(
            """
            openapi: 3.0.3
            paths:
              "/{entity}/me": {get: {}}
              "/books/{id}": {put: {}, get: {}}
              "/books/{id}.json": {get: {}}
              /books/mine: {get: {}}
              /: {get: {}}
            """);

    assertThat(document.operations())
        .extracting(each -> each.method() + " " + each.template())
        .containsExactly(
            "GET /",
            "GET /books/mine",
            "GET /books/{id}.json",
            "GET /books/{id}",
            "PUT /books/{id}",
            "GET /{entity}/me");
  }

  @Test
  void readsTheSameWhateverTheOrderInTheDocument() {
    var one = document("openapi: 3.0.3\npaths: {/a: {get: {}, put: {}}, /b: {get: {}}}");
    var other = document("openapi: 3.0.3\npaths: {/b: {get: {}}, /a: {put: {}, get: {}}}");

    assertThat(one.operations()).isEqualTo(other.operations());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a", "/a b", "/a/../b", "/a//b", "/a/%2e", "/a;b", "/a/{b", "/ä", "/a?b=c", "/a#b"
      })
  void deniesWhatReachesNoApplicationAndSaysSo(String path) {
    var document = document("openapi: 3.0.3\npaths: {\"%s\": {get: {}}}".formatted(path));

    assertThat(document.operations()).isEmpty();
    assertThat(document.denied()).extracting(Point::reason).first().asString().contains("path");
  }

  @Test
  void listsWhatNobodyChecksPathsFirst() {
    var document =
        document(
            """
            openapi: 3.0.3
            paths:
              /a/{id}/{other}:
                post:
                  security: [{key: []}]
                  parameters:
                    - {name: id, in: path, schema: {type: string, maxLength: 3}}
                    - {name: q, in: query}
                    - {name: x, in: path}
                  requestBody: {content: {application/json: {schema: {}}, "text/plain; a=b": {}, broken: {}}}
            """);

    assertThat(document.notEnforced())
        .extracting(point -> point.pointer().substring("#/paths/~1a~1{id}~1{other}/post".length()))
        .containsExactly(
            "/parameters/2",
            "/parameters/0",
            "",
            "/requestBody/content/text~1plain; a=b",
            "/requestBody/content/broken",
            "/security",
            "/parameters/1",
            "/requestBody/content/application~1json/schema");
  }

  private static String ofOperations(int count) {
    return "openapi: 3.0.3\npaths:\n"
        + IntStream.range(0, count)
            .mapToObj("  /collection-%d/{id}: {get: {}}\n"::formatted)
            .collect(Collectors.joining());
  }

  private static OpenApiDocument document(String text) {
    assertThat(OpenApiReader.read(text)).isInstanceOf(Read.class);
    return ((Read) OpenApiReader.read(text)).document();
  }

  private static Unreadable unreadable(String text) {
    assertThat(OpenApiReader.read(text)).isInstanceOf(Unreadable.class);
    return (Unreadable) OpenApiReader.read(text);
  }
}
