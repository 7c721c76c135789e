package dev.portcullis.operator.intent;

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
}
