package dev.portcullis.operator.resolve.openapi;

import dev.portcullis.operator.intent.Documentation.Point;
import dev.portcullis.operator.intent.DocumentedBody;
import dev.portcullis.operator.intent.PathMatch;
import java.util.List;

/**
 * What of a document counts at a gate.
 *
 * @param openapi its version
 * @param sha256 of its text, the first 16 digits
 * @param basePath what its servers say
 * @param operations those that can be served: concrete paths before those with variables, then by
 *     path and method
 * @param count how many operations it has in all
 * @param denied operations and media types that cannot be served
 * @param notEnforced what it asks for and nobody checks; paths first, then by place
 */
public record OpenApiDocument(
    String openapi,
    String sha256,
    BasePath basePath,
    List<Operation> operations,
    int count,
    List<Point> denied,
    List<Point> notEnforced) {

  public OpenApiDocument {
    operations = List.copyOf(operations);
    denied = List.copyOf(denied);
    notEnforced = List.copyOf(notEnforced);
  }

  /** What stands before each path. */
  public sealed interface BasePath {

    /**
     * @param text {@code /} for nothing; never ends with a slash otherwise
     */
    record Known(String text) implements BasePath {}

    /** The servers do not agree, or cannot be understood. */
    record Unknown(String pointer, String message) implements BasePath {}
  }

  /**
   * One operation.
   *
   * @param pointer where it is, such as {@code #/paths/~1orders/get}
   * @param id as it is documented; empty where it is not
   * @param template its path without the base path
   * @param segments of the template; all of them plain text where it has no variable
   */
  public record Operation(
      String pointer,
      String id,
      String method,
      String template,
      List<PathMatch.Segment> segments,
      DocumentedBody body) {

    public Operation {
      segments = List.copyOf(segments);
    }
  }
}
