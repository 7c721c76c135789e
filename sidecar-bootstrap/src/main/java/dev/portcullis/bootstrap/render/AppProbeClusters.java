package dev.portcullis.bootstrap.render;

import dev.portcullis.bootstrap.contract.AppProbe;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.HealthCheck;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import java.util.List;
import java.util.stream.IntStream;

/** One cluster for each probe of the application. */
final class AppProbeClusters {

  private AppProbeClusters() {}

  static List<Cluster> of(List<AppProbe> probes) {
    return IntStream.range(0, probes.size()).mapToObj(i -> cluster(i, probes.get(i))).toList();
  }

  static String name(int index) {
    return "probe-" + index;
  }

  private static Cluster cluster(int index, AppProbe probe) {
    var cluster =
        Cluster.newBuilder()
            .setName(name(index))
            .setType(Cluster.DiscoveryType.STATIC)
            .setConnectTimeout(Durations.seconds(1))
            .setLoadAssignment(
                Addresses.oneEndpoint(
                    name(index), Addresses.socket(Addresses.LOOPBACK, probe.port())));
    return switch (probe) {
      case AppProbe.HttpGet http -> cluster.build();
      case AppProbe.HttpsGet https -> cluster.setTransportSocket(TlsSockets.toAppProbe()).build();
      case AppProbe.TcpSocket tcp ->
          cluster.addHealthChecks(HealthChecks.tcpConnect(sampled())).build();
      case AppProbe.Grpc grpc ->
          cluster
              .putTypedExtensionProtocolOptions(XdsCluster.HTTP_OPTIONS, XdsCluster.http2(http2()))
              .addHealthChecks(
                  sampled()
                      .setGrpcHealthCheck(
                          HealthCheck.GrpcHealthCheck.newBuilder().setServiceName(grpc.service())))
              .build();
    };
  }

  private static HealthCheck.Builder sampled() {
    return HealthChecks.immediate(Durations.millis(500), Durations.seconds(1));
  }

  private static HttpProtocolOptions.Builder http2() {
    return HttpProtocolOptions.newBuilder()
        .setExplicitHttpConfig(
            HttpProtocolOptions.ExplicitHttpConfig.newBuilder()
                .setHttp2ProtocolOptions(Http2ProtocolOptions.getDefaultInstance()));
  }
}
