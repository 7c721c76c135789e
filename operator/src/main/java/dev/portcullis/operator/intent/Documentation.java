package dev.portcullis.operator.intent;

import java.util.List;

/**
 * The API document that routes were derived from, and what of it they enforce. Nothing is
 * configured by it; it is there to be told.
 *
 * @param configMap name of the ConfigMap that it is in
 * @param openapi the version that it is written in
 * @param sha256 of its text, shortened
 * @param basePath before each of its paths; {@code /} for nothing
 * @param operations that it has
 * @param served those that requests reach by it
 * @param enforced what is enforced, in words
 */
public record Documentation(
    String configMap,
    String key,
    String openapi,
    String sha256,
    String basePath,
    int operations,
    int served,
    List<String> enforced,
    Points denied,
    Points notEnforced) {

  public Documentation {
    enforced = List.copyOf(enforced);
  }

  /**
   * Places in the document.
   *
   * @param first the first of them
   * @param more how many others there are
   */
  public record Points(List<Point> first, int more) {
    public Points {
      first = List.copyOf(first);
    }
  }

  /**
   * A place in the document.
   *
   * @param pointer a JSON pointer, such as {@code #/paths/~1orders/get}
   * @param reason a sentence
   */
  public record Point(String pointer, String reason) {}
}
