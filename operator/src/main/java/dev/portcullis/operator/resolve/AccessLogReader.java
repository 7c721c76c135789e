package dev.portcullis.operator.resolve;

import static dev.portcullis.operator.resolve.Given.in;
import static dev.portcullis.operator.resolve.Given.or;

import dev.portcullis.api.v1alpha1.AccessLogSpec;
import dev.portcullis.api.v1alpha1.ApiBackendPolicySpec;
import dev.portcullis.api.v1alpha1.Defaults;
import dev.portcullis.api.v1alpha1.RouteSpec;
import dev.portcullis.operator.intent.AccessLog;
import dev.portcullis.operator.intent.Route;
import dev.portcullis.operator.intent.Share;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code spec.accessLog} and those of the routes. */
record AccessLogReader(ApiBackendPolicySpec spec) {

  /**
   * @param routes all of them, those of a document behind the policy's own
   */
  Optional<AccessLog> read(List<Route> routes, At at) {
    var log = new AccessLog(allowed(routes, at), linesPerSecond(at.field("accessLog")));
    return log.equals(AccessLog.DEFAULT) ? Optional.empty() : Optional.of(log);
  }

  private Map<String, Share> allowed(List<Route> routes, At at) {
    var text = or(in(spec.accessLog(), AccessLogSpec::allowed), Defaults.LOGGED_SHARE);
    var ofPolicy = Amounts.share(at.field("accessLog").field("allowed"), text);
    var shares = new HashMap<String, Share>();
    routes.forEach(route -> shares.put(route.name(), ofPolicy));
    for (var index = 0; index < spec.routes().size(); index++) {
      var route = spec.routes().get(index);
      var own = in(route.accessLog(), RouteSpec.AccessLog::allowed);
      if (own != null) {
        var field = at.field("routes").item(index).field("accessLog").field("allowed");
        shares.replace(route.name(), Amounts.share(field, own));
      }
    }
    shares.values().removeIf(Share.NONE::equals);
    return shares;
  }

  private int linesPerSecond(At at) {
    var lines = or(in(spec.accessLog(), AccessLogSpec::linesPerSecond), Defaults.LINES_PER_SECOND);
    if (lines < 1) {
      at.field("linesPerSecond").invalid("Write a number of at least 1 instead of '%s'.", lines);
    }
    return lines;
  }
}
