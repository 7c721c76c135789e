package dev.portcullis.operator.envoy;

import com.google.protobuf.BoolValue;
import dev.portcullis.operator.intent.BackendIntent;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.PathWithEscapedSlashesAction;

/** One spelling per path, before any route is looked up; what has two readings is refused. */
final class PathNormalisation implements Feature {

  @Override
  public void onHttp(BackendIntent intent, HttpConnectionManager.Builder http) {
    http.setNormalizePath(BoolValue.of(true))
        .setMergeSlashes(true)
        .setPathWithEscapedSlashesAction(PathWithEscapedSlashesAction.REJECT_REQUEST)
        .setStripAnyHostPort(true);
  }
}
