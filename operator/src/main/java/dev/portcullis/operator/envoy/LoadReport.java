package dev.portcullis.operator.envoy;

import com.google.protobuf.Struct;
import com.google.protobuf.util.Values;
import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.Overload;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;

/**
 * Tells callers in ORCA's terms how loaded the pod is, for an application that cannot. Envoy reads
 * such reports and has no filter that makes them, so it is a program, as the breaker is. Whoever
 * comes from outside is told nothing.
 */
final class LoadReport implements Feature {

  private static final LuaProgram PROGRAM =
      new LuaProgram(FilterNames.LOAD_REPORT, "load_report", LoadReportProgram.LUA);

  @Override
  public void onHttp(BackendIntent intent, Entrance entrance, HttpConnectionManager.Builder http) {
    switch (entrance) {
      case Entrance.OfMesh() ->
          intent.overload().loadReport().ifPresent(_ -> http.addHttpFilters(PROGRAM.httpFilter()));
      case Entrance.FromOutside _ -> {}
    }
  }

  @Override
  public void onRoute(BackendIntent intent, Endpoint endpoint, Route.Builder route) {
    if (endpoint instanceof Endpoint.Known) {
      intent.overload().loadReport().ifPresent(report -> tell(report, route));
    }
  }

  private static void tell(Overload.LoadReport report, Route.Builder route) {
    route.putTypedPerFilterConfig(FilterNames.LOAD_REPORT, PROGRAM.onRoute());
    route
        .getMetadataBuilder()
        .putFilterMetadata(
            FilterNames.LOAD_REPORT,
            Struct.newBuilder().putFields("capacity", Values.of(report.capacity())).build());
  }
}
