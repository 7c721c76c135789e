package dev.portcullis.operator.intent;

import java.util.List;
import java.util.Optional;

/** How a route matches the normalised path, without its query. Always case-sensitive. */
public sealed interface PathMatch {

  /** The whole path. */
  record Exact(String path) implements PathMatch {}

  /**
   * The path itself or anything below it, by whole segments: {@code /a} matches {@code /a/b}, not
   * {@code /ab}.
   */
  record Prefix(String path) implements PathMatch {}

  /** A URI template such as {@code /orders/{id}}; a variable is one non-empty segment. */
  record Template(String template) implements PathMatch {}

  /**
   * A path with variables as an API document has it, where the document may say which values a
   * variable takes.
   *
   * @param template as it is documented, from its first slash; no other path of the policy has it
   * @param segments what stands between the slashes, in order
   */
  record Documented(String template, List<Segment> segments) implements PathMatch {
    public Documented {
      segments = List.copyOf(segments);
    }
  }

  /**
   * One segment of a documented path.
   *
   * @param text as it is documented
   * @param values what it may be; empty where it is the text alone
   */
  record Segment(String text, Optional<Values> values) {}

  /**
   * A set of segments.
   *
   * @param regex in RE2's words, of the whole segment; it matches no slash and no question mark
   * @param size instructions of its program, at most
   */
  record Values(String regex, int size) {
    /** Whatever is not empty. */
    public static final Values ANY = new Values("[^/?]+", 4);
  }
}
