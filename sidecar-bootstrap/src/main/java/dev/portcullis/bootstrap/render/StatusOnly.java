package dev.portcullis.bootstrap.render;

import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.Lua;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;

/**
 * Keeps of the application's reply the status alone. Its body and headers may tell of versions and
 * dependencies, and a {@code Location} would lead the kubelet to a path that is not served here.
 */
final class StatusOnly {

  /** A constant: nothing of the pod or the policy ever becomes part of it. */
  private static final String SCRIPT =
      """
      function envoy_on_response(response)
        local names = {}
        for name in pairs(response:headers()) do
          if string.sub(name, 1, 1) ~= ":" then
            table.insert(names, name)
          end
        end
        for _, name in ipairs(names) do
          response:headers():remove(name)
        end
        response:body(true):setBytes("")
      end
      """;

  private StatusOnly() {}

  static HttpFilter filter() {
    var script = DataSource.newBuilder().setInlineString(SCRIPT);
    return HttpFilter.newBuilder()
        .setName("envoy.filters.http.lua")
        .setTypedConfig(
            TypedConfig.of(
                "envoy.extensions.filters.http.lua.v3.Lua",
                Lua.newBuilder().setDefaultSourceCode(script).build()))
        .build();
  }
}
