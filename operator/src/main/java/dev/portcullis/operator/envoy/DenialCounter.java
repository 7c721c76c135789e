package dev.portcullis.operator.envoy;

import com.google.protobuf.UInt32Value;
import com.google.protobuf.UInt64Value;
import dev.portcullis.operator.envoy.schema.scope.Scope;
import dev.portcullis.operator.envoy.schema.stats.Config;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLog;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLogFilter;

/**
 * Counts refusals by their {@link DenialId} and by the line of the route table, in {@code
 * portcullis.denials}. There are as many counters as the policy has rules that refused something,
 * whatever clients send.
 */
final class DenialCounter {

  /** More than a policy of the largest size makes; a bound for Envoy's memory, not for teams. */
  private static final int MOST = 20_000;

  static AccessLog counting(String id, AccessLogFilter filter) {
    return counting("denials", tag("denial", id), filter);
  }

  /** The same for what is not refused but for {@code mode: Shadow}. */
  static AccessLog countingShadow(String rule, AccessLogFilter filter) {
    return counting("shadow_requests", tag("rule", rule), filter);
  }

  private static AccessLog counting(String name, Config.Tag told, AccessLogFilter filter) {
    var stat =
        Config.Stat.newBuilder().setName(name).addTags(told).addTags(tag("route", "%ROUTE_NAME%"));
    var counter =
        Config.Counter.newBuilder().setStat(stat).setValueFixed(UInt64Value.of(1)).build();
    return AccessLog.newBuilder()
        .setName("envoy.access_loggers.stats")
        .setFilter(filter)
        .setTypedConfig(
            Packed.any(Config.newBuilder().setStatsScope(scope()).addCounters(counter).build()))
        .build();
  }

  /** No name to share it by: Envoy 1.40 dies of one when it ends. */
  private static Scope scope() {
    return Scope.newBuilder().setPrefix("portcullis").setMaxCounters(UInt32Value.of(MOST)).build();
  }

  private static Config.Tag tag(String name, String format) {
    return Config.Tag.newBuilder().setName(name).setValueFormat(format).build();
  }

  private DenialCounter() {}
}
