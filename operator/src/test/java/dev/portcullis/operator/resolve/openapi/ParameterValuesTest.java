package dev.portcullis.operator.resolve.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.intent.PathMatch.Values;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a path parameter may be: Java and RE2 agree on the expressions that are made here. */
class ParameterValuesTest {

  @ParameterizedTest
  @CsvSource(
      delimiterString = " | ",
      quoteCharacter = '`',
      textBlock =
          """
          {type: integer} | 0 -7 12345678901234567890 007 | 1.0 +1 1e3 abc - 1a %31
          {type: number} | 1 -1.5 2e10 2.5E-3 | 1. .5 abc NaN 1e
          {type: boolean} | true false | True 1 yes truefalse
          {type: string, format: uuid} | 123e4567-E89b-12d3-a456-426614174000 | 123e4567e89b12d3a456426614174000 x
          {type: string, format: date} | 2026-11-23 | 2026-13-01 2026-00-10 2026-11-32 26-11-23
          {enum: [a, "b:c", 7, true]} | a b:c b%3Ac b%3ac 7 true | b ab A %61
          {const: only} | only | onl only2
          {type: [string, "null"], pattern: "^[a-c]+$"} | a cab | d null A
          {pattern: "^[A-Z]{2}-\\\\d{1,4}$"} | AB-1 XY-0042 | A-1 AB-12345 ab-1 AB-
          {type: string, pattern: "^(?:ab|c\\\\.d)+?x?$"} | ab c.d abc.dx | cxd x abx2
          {type: string, pattern: "^[\\\\w.-]{3,}$"} | a_b a.-9 | ab a:b
          {type: string, pattern: "^v[1-9]@[xy]$"} | v1@x v9%40y | v0@x v1%4x
          {type: string, minLength: 1} | anything %20 | a/b a?b
          """)
  void takesWhatTheSchemaTakesAndNothingElse(String schema, String taken, String refused) {
    var values = values(schema);

    assertThat(values.unchecked()).isEmpty();
    assertThat(Arrays.asList(taken.split(" "))).allMatch(text -> takes(values.values(), text));
    assertThat(Arrays.asList(refused.split(" "))).noneMatch(text -> takes(values.values(), text));
  }

  /** Saying too little would refuse what is documented; so nothing is said, and that is told. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{type: string, pattern: '[a-z]+'}",
        "{type: string, pattern: '^a|b$'}",
        "{type: string, pattern: '^.+$'}",
        "{type: string, pattern: '^[^a]$'}",
        "{type: string, pattern: '^[a-z]*$'}",
        "{type: string, pattern: '^(?=a)a$'}",
        "{type: string, pattern: '^(a)\\1$'}",
        "{type: string, pattern: '^\\p{L}$'}",
        "{type: string, pattern: '^ä$'}",
        "{type: string, pattern: '^a/b$'}",
        "{type: string, pattern: '^a%b$'}",
        "{type: string, pattern: '^a++$'}",
        "{type: string, pattern: '^(a$'}",
        "{type: string, pattern: '^a)$'}",
        "{type: string, pattern: '^[a$'}",
        "{type: string, pattern: '^[z-a]$'}",
        "{type: string, pattern: '^a{2,1}$'}",
        "{type: string, pattern: '^a{1,1000}$'}",
        "{type: string, pattern: '^[a-z]{60,90}x[0-9]$'}",
        "{type: string, pattern: '^a\\$'}",
        "{type: string, maxLength: 5}",
        "{type: string, format: email}",
        "{type: array}",
        "{type: [integer, string]}",
        "{enum: [a/b]}",
        "{enum: [{a: b}]}",
        "{allOf: [{type: integer}]}",
      })
  void saysWhatItCannotSay(String schema) {
    var values = values(schema);

    assertThat(values.unchecked()).isPresent();
    assertThat(values.values()).isEqualTo(Values.ANY);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {type: integer, format: int64, minimum: 1} | format, minimum
          {type: string, pattern: "^[a-z]+$", maxLength: 5, minLength: 2} | maxLength, minLength
          {type: string, format: uuid, pattern: "x"} | pattern
          """)
  void saysWhichHalfIsLeft(String schema, String words) {
    var values = values(schema);

    assertThat(values.unchecked()).hasValue("Not checked: " + words + ".");
    assertThat(values.values()).isNotEqualTo(Values.ANY);
  }

  private static boolean takes(Values values, String text) {
    return text.matches(values.regex());
  }

  private static ParameterValues values(String schema) {
    var tree = DocumentText.parse("schema: " + schema);
    return ParameterValues.of(Node.rootOf(tree));
  }
}
