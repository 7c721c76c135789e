package dev.portcullis.operator.envoy;

import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;

/** Listeners that have lost a filter, to show what the others are worth. */
final class Chains {

  static Listener without(String lost, Listener listener) {
    var changed = listener.toBuilder();
    changed
        .getFilterChainsBuilderList()
        .forEach(
            chain -> chain.getFiltersBuilderList().forEach(filter -> removeFrom(filter, lost)));
    return changed.build();
  }

  private static void removeFrom(Filter.Builder filter, String lost) {
    if (!filter.getTypedConfig().is(HttpConnectionManager.class)) {
      return;
    }
    try {
      var http = filter.getTypedConfig().unpack(HttpConnectionManager.class).toBuilder();
      var kept =
          http.getHttpFiltersList().stream().filter(each -> !each.getName().equals(lost)).toList();
      filter.setTypedConfig(Packed.any(http.clearHttpFilters().addAllHttpFilters(kept).build()));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  private Chains() {}
}
