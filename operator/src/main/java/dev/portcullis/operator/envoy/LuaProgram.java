package dev.portcullis.operator.envoy;

import com.google.protobuf.Any;
import dev.portcullis.operator.envoy.schema.lua.LuaPerRoute;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.Lua;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;

/**
 * A program of ours in Envoy's Lua filter, the same text for every policy. It runs on the routes
 * that name it alone; what differs by policy is their metadata.
 *
 * @param filter name of the filter
 * @param name of the program in it
 */
record LuaProgram(String filter, String name, String text) {

  HttpFilter httpFilter() {
    var source = DataSource.newBuilder().setInlineString(text).build();
    return Packed.filter(filter, Lua.newBuilder().putSourceCodes(name, source).build());
  }

  /** What a route has under the filter's name. */
  Any onRoute() {
    return Packed.any(LuaPerRoute.newBuilder().setName(name).build());
  }
}
