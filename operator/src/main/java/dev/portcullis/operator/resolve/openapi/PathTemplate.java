package dev.portcullis.operator.resolve.openapi;

import dev.portcullis.operator.intent.PathMatch.Segment;
import dev.portcullis.operator.intent.PathMatch.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A path of a document, taken apart.
 *
 * @param segments each text alone, a variable alone, or both
 */
record PathTemplate(List<Segment> segments) {

  private static final int LONGEST = 512;
  private static final int MOST_SEGMENTS = 16;
  private static final int LONGEST_SEGMENT = 50;

  private static final String PLAIN = "[A-Za-z0-9._~!$&'()+,:@=-]";
  private static final String VARIABLE = "\\{([^{}/]+)}";
  private static final Pattern TEXT = Pattern.compile(PLAIN + "+");
  private static final Pattern WHOLE = Pattern.compile(VARIABLE);
  private static final Pattern MIXED = Pattern.compile("(" + PLAIN + "|" + VARIABLE + ")+");
  private static final Pattern PARTS = Pattern.compile(VARIABLE + "|" + PLAIN + "+");
  private static final Pattern SPECIAL = Pattern.compile("[.$()+]");
  private static final List<String> DOTS = List.of(".", "..");

  /** Empty where requests for it could not be told from others, or would not get this far. */
  static Optional<PathTemplate> parse(String path) {
    if (!path.startsWith("/") || path.length() > LONGEST) {
      return Optional.empty();
    }
    var segments = new ArrayList<Segment>();
    var texts = path.substring(1).split("/", -1);
    for (var index = 0; index < texts.length; index++) {
      // A slash at the end makes another path, and is the only empty segment that arrives.
      var isTrailing = texts[index].isEmpty() && index == texts.length - 1;
      if (!isTrailing && !isServable(texts[index])) {
        return Optional.empty();
      }
      segments.add(segment(texts[index]));
    }
    var template = new PathTemplate(List.copyOf(segments));
    return template.isConcrete() || template.isWithinBounds()
        ? Optional.of(template)
        : Optional.empty();
  }

  boolean isConcrete() {
    return segments.stream().allMatch(segment -> segment.values().isEmpty());
  }

  /** Names of the variables, in their order. */
  List<String> variables() {
    return segments.stream()
        .flatMap(segment -> WHOLE.matcher(segment.text()).results())
        .map(variable -> variable.group(1))
        .toList();
  }

  /** Whether the variable is a segment by itself, so that its values can be told apart. */
  boolean isSegment(String variable) {
    return segments.stream().anyMatch(segment -> segment.text().equals("{" + variable + "}"));
  }

  /** The same with these values for a variable that is a segment. */
  PathTemplate with(String variable, Values values) {
    var text = "{" + variable + "}";
    return new PathTemplate(
        segments.stream()
            .map(each -> each.text().equals(text) ? new Segment(text, Optional.of(values)) : each)
            .toList());
  }

  /** Paths with equal text here differ in the names of their variables alone. */
  static String withoutNames(String path) {
    return WHOLE.matcher(path).replaceAll("{}");
  }

  /** Text before variables, from the first segment on; then by the text. */
  static int compare(List<Segment> one, List<Segment> other) {
    for (var index = 0; index < Math.min(one.size(), other.size()); index++) {
      var result = compare(one.get(index), other.get(index));
      if (result != 0) {
        return result;
      }
    }
    return Integer.compare(one.size(), other.size());
  }

  private static int compare(Segment one, Segment other) {
    var result = Integer.compare(kind(one), kind(other));
    return result == 0 ? withoutNames(one.text()).compareTo(withoutNames(other.text())) : result;
  }

  private static int kind(Segment segment) {
    if (segment.values().isEmpty()) {
      return 0;
    }
    return WHOLE.matcher(segment.text()).matches() ? 2 : 1;
  }

  private boolean isWithinBounds() {
    return segments.size() <= MOST_SEGMENTS
        && segments.stream().mapToInt(PathTemplate::size).allMatch(each -> each <= LONGEST_SEGMENT);
  }

  private static int size(Segment segment) {
    return segment.values().map(Values::size).orElse(segment.text().length());
  }

  private static boolean isServable(String text) {
    return MIXED.matcher(text).matches() && !DOTS.contains(text);
  }

  private static Segment segment(String text) {
    return new Segment(
        text,
        text.isEmpty() || TEXT.matcher(text).matches() ? Optional.empty() : Optional.of(any(text)));
  }

  private static Values any(String text) {
    var regex = new StringBuilder();
    var size = 0;
    for (var part : PARTS.matcher(text).results().toList()) {
      regex.append(isVariable(part) ? Values.ANY.regex() : quoted(part.group()));
      size += isVariable(part) ? Values.ANY.size() : part.group().length();
    }
    return new Values(regex.toString(), size);
  }

  private static boolean isVariable(MatchResult part) {
    return part.group(1) != null;
  }

  private static String quoted(String text) {
    return SPECIAL.matcher(text).replaceAll("\\\\$0");
  }
}
