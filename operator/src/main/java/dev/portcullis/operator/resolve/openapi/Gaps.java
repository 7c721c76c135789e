package dev.portcullis.operator.resolve.openapi;

import dev.portcullis.operator.intent.Documentation.Point;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What a document asks for and nobody checks, gathered while it is read. */
final class Gaps {

  /** What is told first concerns what the rest of the document is enforced by. */
  enum About {
    PATH,
    MEDIA_TYPE,
    SECURITY,
    PARAMETER,
    BODY
  }

  private record Gap(About about, Point point) {}

  private final List<Gap> found = new ArrayList<>();

  void add(About about, Node place, String reason) {
    found.add(new Gap(about, new Point(place.pointer(), Node.shown(reason))));
  }

  /** Each place once, in the order of {@link About}, then of the document. */
  List<Point> inOrder() {
    return found.stream()
        .sorted(Comparator.comparing(Gap::about))
        .map(Gap::point)
        .distinct()
        .toList();
  }
}
