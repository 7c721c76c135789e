package dev.portcullis.operator.status;

import dev.portcullis.api.v1alpha1.OpenApiStatus;
import dev.portcullis.operator.intent.Documentation;
import dev.portcullis.operator.intent.Documentation.Points;
import java.util.List;

/** {@code status.openApi}. */
final class OpenApiReport {

  static OpenApiStatus of(Documentation documentation) {
    return new OpenApiStatus(
        new OpenApiStatus.Document(
            documentation.configMap(),
            documentation.key(),
            documentation.openapi(),
            documentation.sha256()),
        documentation.basePath(),
        documentation.operations(),
        documentation.served(),
        documentation.enforced(),
        first(documentation.denied()),
        more(documentation.denied()),
        first(documentation.notEnforced()),
        more(documentation.notEnforced()));
  }

  private static List<OpenApiStatus.Point> first(Points points) {
    return points.first().stream()
        .limit(OpenApiStatus.MAX_POINTS)
        .map(point -> new OpenApiStatus.Point(point.pointer(), point.reason()))
        .toList();
  }

  private static Integer more(Points points) {
    return points.more() == 0 ? null : points.more();
  }

  private OpenApiReport() {}
}
