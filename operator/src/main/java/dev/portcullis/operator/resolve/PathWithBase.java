package dev.portcullis.operator.resolve;

import dev.portcullis.operator.intent.PathMatch;
import dev.portcullis.operator.intent.PathMatch.Segment;
import dev.portcullis.operator.intent.PathMatch.Values;
import dev.portcullis.operator.resolve.openapi.OpenApiDocument.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Where an operation really is. Envoy runs regular expressions of at most 100 instructions, some of
 * which it takes to pass the segments before or behind the one that is looked at.
 *
 * @param base {@code /} for nothing
 */
record PathWithBase(String base, Operation operation) {

  private static final int MOST_SEGMENTS = 16;
  private static final int ROOM = 85;
  private static final int TO_PASS_A_SEGMENT = 5;

  boolean isTooLong() {
    return !isConcrete() && segments().size() > MOST_SEGMENTS;
  }

  PathMatch match() {
    var segments = segments();
    return isConcrete()
        ? new PathMatch.Exact(text())
        : new PathMatch.Documented(
            text(),
            IntStream.range(0, segments.size())
                .mapToObj(index -> fits(index) ? segments.get(index) : unbound(index))
                .toList());
  }

  /** Sentences about values that cannot be checked here. */
  List<String> unchecked() {
    return IntStream.range(0, segments().size())
        .filter(index -> !fits(index))
        .mapToObj(
            index ->
                "Values of %s are not checked: it is too deep in the path."
                    .formatted(segments().get(index).text()))
        .toList();
  }

  private boolean isConcrete() {
    return operation.segments().stream().allMatch(segment -> segment.values().isEmpty());
  }

  /** Text alone always does: it is short where it stands behind a variable. */
  private boolean fits(int index) {
    var segments = segments();
    var passed = Math.min(index, segments.size() - 1 - index);
    return segments.get(index).values().map(Values::size).orElse(0)
        <= ROOM - TO_PASS_A_SEGMENT * passed;
  }

  private Segment unbound(int index) {
    return new Segment(segments().get(index).text(), Optional.of(Values.ANY));
  }

  private String text() {
    return base.equals("/") ? operation.template() : base + operation.template();
  }

  private List<Segment> segments() {
    var result = new ArrayList<Segment>();
    Arrays.stream(base.split("/"))
        .filter(text -> !text.isEmpty())
        .forEach(text -> result.add(new Segment(text, Optional.empty())));
    result.addAll(operation.segments());
    return result;
  }
}
