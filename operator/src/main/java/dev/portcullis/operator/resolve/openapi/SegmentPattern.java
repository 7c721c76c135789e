package dev.portcullis.operator.resolve.openapi;

import dev.portcullis.operator.intent.PathMatch.Values;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * A {@code pattern} of JSON Schema -> a regular expression that says exactly the same of one
 * segment of a path, as it arrives. Empty for patterns of which that cannot be said: those that are
 * not anchored at both ends, that take characters which arrive in more than one spelling, or that
 * use what RE2 has not.
 */
final class SegmentPattern {

  private static final int MOST_REPEATS = 90;
  private static final String QUANTIFIERS = "*+?{";

  /** A part, with the length of the shortest text that it takes. */
  private record Part(String regex, int size, int shortest) {}

  /** Ends the reading of a pattern that cannot be said exactly. */
  private static final class Inexpressible extends RuntimeException {
    private static final long serialVersionUID = 1;

    Inexpressible() {
      super(null, null, false, false);
    }
  }

  private final String pattern;
  private int at;

  private SegmentPattern(String pattern) {
    this.pattern = pattern;
  }

  static Optional<Values> of(String pattern) {
    if (pattern.length() > 1024 || !pattern.startsWith("^") || !pattern.endsWith("$")) {
      return Optional.empty();
    }
    try {
      var reader = new SegmentPattern(pattern.substring(1, pattern.length() - 1));
      var whole = reader.sequence();
      // An alternative without a group would leave one end open.
      return reader.isAtEnd() && whole.shortest > 0
          ? Optional.of(new Values(whole.regex, whole.size))
          : Optional.empty();
    } catch (Inexpressible no) {
      return Optional.empty();
    }
  }

  /** The text itself and nothing else. */
  static Optional<Values> exactly(String text) {
    try {
      var parts = text.chars().mapToObj(each -> SegmentPattern.oneOf(only(each))).toList();
      return text.isEmpty() ? Optional.empty() : Optional.of(values(joined(parts)));
    } catch (Inexpressible no) {
      return Optional.empty();
    }
  }

  /** Any of them; empty when there is none, or one cannot be said. */
  static Optional<Values> anyOf(List<String> texts) {
    var each = texts.stream().map(SegmentPattern::exactly).toList();
    return each.isEmpty() || each.stream().anyMatch(Optional::isEmpty)
        ? Optional.empty()
        : Optional.of(
            values(
                alternatives(
                    each.stream()
                        .map(Optional::orElseThrow)
                        .map(values -> new Part(values.regex(), values.size(), 1))
                        .toList())));
  }

  private static Values values(Part part) {
    return new Values(part.regex, part.size);
  }

  private Part sequence() {
    var parts = new ArrayList<Part>();
    while (!isAtEnd() && peek() != '|' && peek() != ')') {
      parts.add(quantified(atom()));
    }
    return joined(parts);
  }

  private Part atom() {
    var next = take();
    return switch (next) {
      case '(' -> group();
      case '[' -> oneOf(characterClass());
      case '\\' -> oneOf(escape());
      case '.', '^', '$', '*', '+', '?', '{', '}', ']' -> throw new Inexpressible();
      default -> oneOf(only(next));
    };
  }

  private Part group() {
    if (!isAtEnd() && peek() == '?') {
      at++;
      require(':');
    }
    var parts = new ArrayList<Part>();
    parts.add(sequence());
    while (!isAtEnd() && peek() == '|') {
      at++;
      parts.add(sequence());
    }
    require(')');
    return alternatives(parts);
  }

  private Part quantified(Part part) {
    if (isAtEnd() || QUANTIFIERS.indexOf(peek()) < 0) {
      return part;
    }
    var quantifier = take();
    var result =
        switch (quantifier) {
          case '*' -> new Part(single(part) + "*", part.size + 1, 0);
          case '+' -> new Part(single(part) + "+", part.size + 1, part.shortest);
          case '?' -> new Part(single(part) + "?", part.size + 1, 0);
          default -> repeated(part);
        };
    if (!isAtEnd() && peek() == '?') {
      // What is taken is the same, whichever end it is looked for from.
      at++;
    }
    if (!isAtEnd() && QUANTIFIERS.indexOf(peek()) >= 0) {
      throw new Inexpressible();
    }
    return result;
  }

  private Part repeated(Part part) {
    var least = number();
    var text = single(part) + "{" + least;
    if (isAtEnd() || peek() != ',') {
      require('}');
      return new Part(text + "}", least * part.size, least * part.shortest);
    }
    at++;
    if (!isAtEnd() && peek() == '}') {
      at++;
      return new Part(text + ",}", (least + 1) * (part.size + 1), least * part.shortest);
    }
    var most = number();
    require('}');
    if (most < least) {
      throw new Inexpressible();
    }
    return new Part(text + "," + most + "}", most * (part.size + 1), least * part.shortest);
  }

  private int number() {
    var begin = at;
    while (!isAtEnd() && Character.digit(peek(), 10) >= 0 && peek() < 128) {
      at++;
    }
    var digits = pattern.substring(begin, at);
    if (digits.isEmpty() || digits.length() > 3 || Integer.parseInt(digits) > MOST_REPEATS) {
      throw new Inexpressible();
    }
    return Integer.parseInt(digits);
  }

  private BitSet characterClass() {
    var result = new BitSet();
    if (isAtEnd() || peek() == '^' || peek() == ']') {
      throw new Inexpressible();
    }
    while (peekOrFail() != ']') {
      var from = classMember();
      if (from.cardinality() == 1 && isRange()) {
        at++;
        var to = classMember();
        if (to.cardinality() != 1 || to.nextSetBit(0) < from.nextSetBit(0)) {
          throw new Inexpressible();
        }
        result.set(from.nextSetBit(0), to.nextSetBit(0) + 1);
      } else {
        result.or(from);
      }
    }
    at++;
    return result;
  }

  private boolean isRange() {
    return peekOrFail() == '-' && at + 1 < pattern.length() && pattern.charAt(at + 1) != ']';
  }

  private BitSet classMember() {
    var next = take();
    return next == '\\' ? escape() : only(next);
  }

  private BitSet escape() {
    var next = take();
    return switch (next) {
      case 'd' -> range('0', '9');
      case 'w' -> {
        var word = range('a', 'z');
        word.or(range('A', 'Z'));
        word.or(range('0', '9'));
        word.set('_');
        yield word;
      }
      default -> {
        if (Character.isLetterOrDigit(next)) {
          throw new Inexpressible();
        }
        yield only(next);
      }
    };
  }

  /** Characters that may be written as they are or under a percent code, and arrive as sent. */
  private static Part oneOf(BitSet characters) {
    var plain = new BitSet();
    var coded = new ArrayList<Integer>();
    for (var next = characters.nextSetBit(0); next >= 0; next = characters.nextSetBit(next + 1)) {
      if (isUnreserved(next)) {
        plain.set(next);
      } else if ("!$&'()*+,:@=".indexOf(next) >= 0) {
        plain.set(next);
        coded.add(next);
      } else {
        throw new Inexpressible();
      }
    }
    var parts = new ArrayList<Part>();
    parts.add(new Part(classOf(plain), ranges(plain), 1));
    coded.forEach(each -> parts.add(new Part(percentCode(each), 3, 1)));
    return parts.size() == 1 ? parts.getFirst() : alternatives(parts);
  }

  private static boolean isUnreserved(int character) {
    return (character < 128 && Character.isLetterOrDigit(character))
        || "-._~".indexOf(character) >= 0;
  }

  private static String percentCode(int character) {
    return "%%(?i:%02X)".formatted(character);
  }

  private static String classOf(BitSet characters) {
    if (characters.cardinality() == 1 && Character.isLetterOrDigit(characters.nextSetBit(0))) {
      return Character.toString(characters.nextSetBit(0));
    }
    var text = new StringBuilder("[");
    for (var from = characters.nextSetBit(0); from >= 0; ) {
      var to = characters.nextClearBit(from) - 1;
      text.append(member(from));
      if (to > from) {
        text.append(to == from + 1 ? "" : "-").append(member(to));
      }
      from = characters.nextSetBit(to + 1);
    }
    return text.append("]").toString();
  }

  private static String member(int character) {
    var isWord = Character.isLetterOrDigit(character) || character == '_';
    return (isWord ? "" : "\\") + Character.toString(character);
  }

  private static int ranges(BitSet characters) {
    var count = 0;
    for (var from = characters.nextSetBit(0); from >= 0; count++) {
      from = characters.nextSetBit(characters.nextClearBit(from));
    }
    return count;
  }

  private static BitSet only(int character) {
    return range(character, character);
  }

  private static BitSet range(int from, int to) {
    var result = new BitSet();
    result.set(from, to + 1);
    return result;
  }

  private static Part joined(List<Part> parts) {
    return new Part(
        String.join("", parts.stream().map(Part::regex).toList()),
        parts.stream().mapToInt(Part::size).sum(),
        parts.stream().mapToInt(Part::shortest).sum());
  }

  private static Part alternatives(List<Part> parts) {
    return new Part(
        "(?:" + String.join("|", parts.stream().map(Part::regex).toList()) + ")",
        parts.stream().mapToInt(Part::size).sum() + parts.size() - 1,
        parts.stream().mapToInt(Part::shortest).min().orElse(0));
  }

  /** What a quantifier can stand behind. */
  private static String single(Part part) {
    return part.regex.length() == 1 || part.regex.matches("\\[[^]]*]|\\(\\?:.*\\)")
        ? part.regex
        : "(?:" + part.regex + ")";
  }

  private char peek() {
    return pattern.charAt(at);
  }

  private char peekOrFail() {
    if (isAtEnd()) {
      throw new Inexpressible();
    }
    return peek();
  }

  private char take() {
    var next = peekOrFail();
    at++;
    return next;
  }

  private void require(char wanted) {
    if (take() != wanted) {
      throw new Inexpressible();
    }
  }

  private boolean isAtEnd() {
    return at >= pattern.length();
  }
}
