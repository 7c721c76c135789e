package dev.portcullis.operator.envoy;

import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.PathMatch;
import dev.portcullis.operator.intent.Route;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the second part of a {@link DenialId} stands for: hashes are of what a policy has. */
public final class DenialRules {

  /**
   * The rules of this policy that have this id, each as a line for people; empty for an id of
   * another policy, or of one that had other routes.
   */
  public static List<String> of(DenialId id, BackendIntent intent) {
    var wholePolicy = DenialId.ofPolicy(id.layer(), intent.key());
    var own = wholePolicy.equals(id) ? Stream.of("the policy as a whole") : Stream.<String>empty();
    var lines =
        Endpoint.tableOf(intent).stream()
            .filter(endpoint -> !wholePolicy.equals(id))
            .filter(endpoint -> DenialId.at(id.layer(), intent, endpoint).equals(id))
            .map(DenialRules::line);
    return Stream.concat(own, lines).distinct().toList();
  }

  private static String line(Endpoint endpoint) {
    return switch (endpoint) {
      case Endpoint.Known(var route) -> line(route);
      case Endpoint.WrongMethod(_, var routes) ->
          "another method than "
              + routes.stream().map(DenialRules::line).collect(Collectors.joining("; "));
      case Endpoint.WrongMediaType(var route) -> "another media type than " + line(route);
      case Endpoint.NoHandshake(var route) -> "no handshake at " + line(route);
      case Endpoint.WrongParameter(_, _) -> endpoint.name();
      case Endpoint.DisguisedPath() -> endpoint.name();
      case Endpoint.UnknownPath() -> endpoint.name();
    };
  }

  private static String line(Route route) {
    var callers =
        route.callers().stream().map(caller -> caller.name()).collect(Collectors.joining(", "));
    var limits =
        route.rateLimits().stream().map(limit -> limit.name()).collect(Collectors.joining(", "));
    return "route %s: %s %s, callers %s%s, bodies of at most %d bytes"
        .formatted(
            route.name(),
            String.join("|", route.methods()),
            text(route.path()),
            callers,
            limits.isEmpty() ? "" : ", rate limits " + limits,
            route.maxRequestBytes());
  }

  private static String text(PathMatch path) {
    return switch (path) {
      case PathMatch.Exact(var text) -> text;
      case PathMatch.Prefix(var text) -> text + "/**";
      case PathMatch.Template(var text) -> text;
      case PathMatch.Documented(var text, _) -> text;
    };
  }

  private DenialRules() {}
}
