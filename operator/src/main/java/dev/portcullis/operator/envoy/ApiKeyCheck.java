package dev.portcullis.operator.envoy;

import com.google.protobuf.Struct;
import com.google.protobuf.util.Values;
import dev.portcullis.operator.envoy.schema.lua.LuaPerRoute;
import dev.portcullis.operator.intent.ApiKeys;
import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.Proof;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.Lua;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;

/**
 * Looks at the keys that requests show. Envoy's own filter for it holds the keys themselves; ours
 * holds digests. Program and digests are the virtual host's, so a new key drains no connection; the
 * chain holds a filter without a program, and {@link ProofRbac} refuses what it did not look at.
 */
final class ApiKeyCheck implements Feature {

  /** In the access log: whose key it was. */
  static final String CLIENT = "%DYNAMIC_METADATA(" + FilterNames.API_KEYS + ":client)%";

  /** In the access log: {@code missing}, {@code doubled}, {@code unfit} or {@code unknown}. */
  static final String ANSWER = "%DYNAMIC_METADATA(" + FilterNames.API_KEYS + ":answer)%";

  /** {@code required} without a key, {@code optional} beside one. */
  static final String TOKEN = "%DYNAMIC_METADATA(" + FilterNames.API_KEYS + ":token)%";

  @Override
  public void onHttp(BackendIntent intent, HttpConnectionManager.Builder http) {
    http.addHttpFilters(Packed.filter(FilterNames.API_KEYS, Lua.getDefaultInstance()));
  }

  @Override
  public void onHost(BackendIntent intent, VirtualHost.Builder host) {
    intent
        .apiKeys()
        .ifPresent(
            keys ->
                host.putTypedPerFilterConfig(
                    FilterNames.API_KEYS, Packed.any(check(keys, programOf(intent)))));
  }

  @Override
  public void onRoute(BackendIntent intent, Endpoint endpoint, Route.Builder route) {
    if (intent.apiKeys().isEmpty()) {
      return;
    }
    switch (TokenCheck.proofOf(endpoint)) {
      case Proof.Nothing() -> skip(route);
      case Proof.OfToken(_) -> skip(route);
      case Proof.OfKey(_) -> withoutKey("refuse", route);
      case Proof.Either(_, _) -> withoutKey("ask-for-token", route);
      case Proof.Both(_, _) -> withoutKey("refuse", route);
    }
    if (endpoint.isShadowedIn(intent)) {
      tell("mode", "shadow", route);
    }
  }

  private static void skip(Route.Builder route) {
    route.putTypedPerFilterConfig(
        FilterNames.API_KEYS, Packed.any(LuaPerRoute.newBuilder().setDisabled(true).build()));
  }

  private static void withoutKey(String then, Route.Builder route) {
    tell("withoutKey", then, route);
  }

  private static void tell(String what, String value, Route.Builder route) {
    var metadata = route.getMetadataBuilder();
    var told =
        metadata.getFilterMetadataOrDefault(FilterNames.API_KEYS, Struct.getDefaultInstance());
    metadata.putFilterMetadata(
        FilterNames.API_KEYS, told.toBuilder().putFields(what, Values.of(value)).build());
  }

  private static String programOf(BackendIntent intent) {
    return intent.shadow().isPresent() ? ApiKeyProgram.SHADOWING_LUA : ApiKeyProgram.LUA;
  }

  private static LuaPerRoute check(ApiKeys keys, String program) {
    var clients = Struct.newBuilder();
    keys.clients().forEach((digest, client) -> clients.putFields(digest, Values.of(client)));
    var settings =
        Struct.newBuilder()
            .putFields("header", Values.of(keys.header()))
            .putFields("clients", Values.of(clients.build()));
    keys.clientHeader().ifPresent(name -> settings.putFields("clientHeader", Values.of(name)));
    return LuaPerRoute.newBuilder()
        .setSourceCode(DataSource.newBuilder().setInlineString(program))
        .setFilterContext(settings)
        .build();
  }
}
