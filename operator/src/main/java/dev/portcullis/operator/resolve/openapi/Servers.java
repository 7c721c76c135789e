package dev.portcullis.operator.resolve.openapi;

import dev.portcullis.operator.resolve.openapi.OpenApiDocument.BasePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The path of the servers' URLs, where it is one and the same. */
final class Servers {

  private static final Pattern ORIGIN = Pattern.compile("^([A-Za-z][A-Za-z0-9+.-]*:)?//[^/]*");
  private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._~!$&'()+,:@=-]+)*");

  /**
   * @param places each place that may have servers, the document's own first
   */
  static BasePath read(List<Node> places) {
    var paths = new ArrayList<String>();
    if (places.getFirst().at("servers").items().findAny().isEmpty()) {
      // As OpenAPI has it: one server, with the URL '/'.
      paths.add("");
    }
    for (var server : places.stream().flatMap(place -> place.at("servers").items()).toList()) {
      var path = server.at("url").text().flatMap(Servers::path);
      if (path.isEmpty()) {
        return new BasePath.Unknown(
            server.pointer(),
            "Its URL has no plain path, or one that hangs on a variable: set"
                + " spec.openApi.basePath.");
      }
      if (!paths.isEmpty() && !paths.contains(path.get())) {
        return new BasePath.Unknown(
            server.pointer(),
            "Its URL has another path than that of servers before it: set spec.openApi.basePath.");
      }
      paths.add(path.get());
    }
    return new BasePath.Known(paths.getFirst().isEmpty() ? "/" : paths.getFirst());
  }

  /** Without its last slashes. */
  private static Optional<String> path(String url) {
    var path = ORIGIN.matcher(url).replaceFirst("");
    return path.equals(url) && !url.startsWith("/")
        ? Optional.empty()
        : Optional.of(path.replaceFirst("/+$", ""))
            .filter(each -> PATH.matcher(each).matches())
            .filter(each -> !each.matches(".*/\\.{1,2}(/.*)?"));
  }

  private Servers() {}
}
