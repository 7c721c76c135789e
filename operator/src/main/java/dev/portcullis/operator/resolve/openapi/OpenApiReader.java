package dev.portcullis.operator.resolve.openapi;

import dev.portcullis.operator.intent.Documentation.Point;
import dev.portcullis.operator.resolve.openapi.OpenApiDocument.Operation;
import dev.portcullis.operator.resolve.openapi.OpenApiReading.Read;
import dev.portcullis.operator.resolve.openapi.OpenApiReading.Unreadable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/** Reads one document. Equal texts give equal readings. */
public final class OpenApiReader {

  /** More than these make a list of routes that every request would have to be held against. */
  public static final int MOST_OPERATIONS = 1000;

  private static final Pattern VERSION = Pattern.compile("3\\.[01]\\.[0-9]{1,3}");
  private static final int SHOWN_DIGITS = 16;
  private static final List<String> METHODS =
      List.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

  private static final Comparator<Operation> ORDER =
      Comparator.comparing(Operation::segments, PathTemplate::compare)
          .thenComparing(Operation::template)
          .thenComparing(Operation::method);

  private final Node root;
  private final Gaps gaps = new Gaps();
  private final List<Point> denied = new ArrayList<>();
  private final List<Operation> operations = new ArrayList<>();
  private final List<Node> places = new ArrayList<>();
  private int count;

  private OpenApiReader(Node root) {
    this.root = root;
    places.add(root);
  }

  /** Never fails, whatever the text is. */
  public static OpenApiReading read(String text) {
    try {
      var root = Node.rootOf(DocumentText.parse(text));
      return new Read(new OpenApiReader(root).document(version(root), sha256(text)));
    } catch (Unfit unfit) {
      return new Unreadable(unfit.pointer(), unfit.getMessage());
    } catch (StackOverflowError tooDeep) {
      return new Unreadable("", "Nest the document less deeply.");
    }
  }

  private static String version(Node root) {
    if (root.has("swagger")) {
      throw new Unfit(
          "#/swagger", "Convert the document to OpenAPI 3.0 or 3.1: this one is of version 2.");
    }
    return root.at("openapi")
        .text()
        .filter(version -> VERSION.matcher(version).matches())
        .orElseThrow(
            () ->
                new Unfit(
                    "#/openapi",
                    "Give an OpenAPI document: openapi must be a text such as '3.0.3' or"
                        + " '3.1.0'."));
  }

  private OpenApiDocument document(String version, String sha256) {
    var paths = root.at("paths");
    requireDifferent(paths);
    paths
        .names()
        .filter(path -> !path.startsWith("x-"))
        .forEach(path -> readPath(path, paths.at(path)));
    if (asksForSecurity(root)) {
      gaps.add(Gaps.About.SECURITY, root.at("security"), SECURITY);
    }
    return new OpenApiDocument(
        version,
        sha256,
        Servers.read(places),
        operations.stream().sorted(ORDER).toList(),
        count,
        denied,
        gaps.inOrder());
  }

  static final String SECURITY =
      "Security schemes of a document are not checked: say under spec.authentication what to ask"
          + " for.";

  static boolean asksForSecurity(Node place) {
    return place.at("security").items().anyMatch(each -> each.names().findAny().isPresent());
  }

  private static void requireDifferent(Node paths) {
    var known = new HashMap<String, String>();
    paths
        .names()
        .forEach(
            path -> {
              var other = known.putIfAbsent(PathTemplate.withoutNames(path), path);
              if (other != null) {
                throw new Unfit(
                    paths.at(path).pointer(),
                    "Join it with %s: they differ in the names of their variables alone."
                        .formatted(paths.at(other).pointer()));
              }
            });
  }

  private void readPath(String path, Node place) {
    var item = place.resolved();
    if (!item.isObject()) {
      throw new Unfit(place.pointer(), "Write an object with the methods of this path.");
    }
    if (place.has("$ref") && METHODS.stream().anyMatch(place::has)) {
      throw new Unfit(place.pointer(), "Write methods beside a $ref into what it refers to.");
    }
    places.add(item);
    var template = PathTemplate.parse(path);
    for (var method : METHODS.stream().filter(item::has).toList()) {
      var operation = item.at(method);
      if (!operation.isObject()) {
        throw new Unfit(operation.pointer(), "Write an object that describes the operation.");
      }
      if (++count > MOST_OPERATIONS) {
        throw new Unfit(
            "#/paths",
            "Split the document: it has more than %d operations.".formatted(MOST_OPERATIONS));
      }
      places.add(operation);
      if (method.equals("trace")) {
        denied.add(new Point(operation.pointer(), "TRACE reaches no application."));
      } else if (template.isEmpty()) {
        denied.add(
            new Point(
                operation.pointer(),
                "Its path holds characters that reach no application, or more than 512 of them, or"
                    + " beside variables more than 16 segments or 50 characters in one."));
      } else {
        var surroundings = new OperationReader.Surroundings(item, gaps);
        switch (new OperationReader(path, template.get(), surroundings).read(method)) {
          case OperationReader.Outcome.Served(var served) -> operations.add(served);
          case OperationReader.Outcome.Denied(var point) -> denied.add(point);
        }
      }
    }
  }

  private static String sha256(String text) {
    try {
      var digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, SHOWN_DIGITS);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
