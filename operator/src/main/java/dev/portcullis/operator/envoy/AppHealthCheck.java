package dev.portcullis.operator.envoy;

import com.google.protobuf.UInt32Value;
import dev.portcullis.operator.intent.Application;
import dev.portcullis.operator.intent.BackendIntent;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.CommonLbConfig;
import io.envoyproxy.envoy.config.core.v3.HealthCheck;
import io.envoyproxy.envoy.config.core.v3.HealthCheck.GrpcHealthCheck;
import io.envoyproxy.envoy.config.core.v3.HealthCheck.HttpHealthCheck;
import io.envoyproxy.envoy.type.v3.CodecClientType;
import io.envoyproxy.envoy.type.v3.Int64Range;
import io.envoyproxy.envoy.type.v3.Percent;

/** Active health checks of the application; an unhealthy one gets no request. */
final class AppHealthCheck implements Feature {

  // As the kubelet's probes: 200 to 399 is healthy.
  private static final Int64Range HEALTHY = range(200, 400);
  // Without it the first bad status is final, whatever the threshold says.
  private static final Int64Range COUNTED = range(400, 600);

  @Override
  public void onCluster(BackendIntent intent, Cluster.Builder app) {
    // Envoy would otherwise send to unhealthy hosts when too few are healthy.
    app.setCommonLbConfig(
        CommonLbConfig.newBuilder().setHealthyPanicThreshold(Percent.getDefaultInstance()));
    var application = intent.application();
    application.healthCheck().ifPresent(check -> app.addHealthChecks(check(application, check)));
  }

  private static HealthCheck check(Application application, Application.HealthCheck check) {
    var interval = ProtoDuration.of(check.interval());
    var target =
        HealthCheck.newBuilder()
            .setTimeout(ProtoDuration.of(check.timeout()))
            .setInterval(interval)
            // A backend that nobody has called yet is watched as closely.
            .setNoTrafficInterval(interval)
            .setUnhealthyThreshold(UInt32Value.of(check.unhealthyThreshold()))
            .setHealthyThreshold(UInt32Value.of(1));
    return switch (application.protocol()) {
      case HTTP1 -> target.setHttpHealthCheck(http(check, CodecClientType.HTTP1)).build();
      case HTTP2 -> target.setHttpHealthCheck(http(check, CodecClientType.HTTP2)).build();
      case GRPC -> target.setGrpcHealthCheck(GrpcHealthCheck.getDefaultInstance()).build();
    };
  }

  private static HttpHealthCheck http(Application.HealthCheck check, CodecClientType codec) {
    return HttpHealthCheck.newBuilder()
        .setHost("localhost")
        .setPath(check.path())
        .setCodecClientType(codec)
        .addExpectedStatuses(HEALTHY)
        .addRetriableStatuses(COUNTED)
        .build();
  }

  private static Int64Range range(int start, int end) {
    return Int64Range.newBuilder().setStart(start).setEnd(end).build();
  }
}
