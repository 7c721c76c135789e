package dev.portcullis.bootstrap.render;

import com.google.protobuf.Duration;
import com.google.protobuf.UInt32Value;
import io.envoyproxy.envoy.config.core.v3.HealthCheck;

/** Active health checks whose outcome a probe path tells. */
final class HealthChecks {

  private HealthChecks() {}

  /** One that fails at the first failure and heals at the first success, to be completed. */
  static HealthCheck.Builder immediate(Duration whileUnhealthy, Duration whileHealthy) {
    return HealthCheck.newBuilder()
        .setTimeout(Durations.seconds(1))
        .setInterval(whileHealthy)
        // These clusters carry no traffic, for which Envoy's own default is a minute.
        .setNoTrafficInterval(whileUnhealthy)
        .setNoTrafficHealthyInterval(whileHealthy)
        .setUnhealthyThreshold(UInt32Value.of(1))
        .setHealthyThreshold(UInt32Value.of(1));
  }

  static HealthCheck tcpConnect(HealthCheck.Builder check) {
    return check.setTcpHealthCheck(HealthCheck.TcpHealthCheck.getDefaultInstance()).build();
  }
}
