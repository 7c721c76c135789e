package dev.portcullis.operator.resolve;

import static dev.portcullis.operator.resolve.Given.in;
import static dev.portcullis.operator.resolve.Given.or;

import dev.portcullis.api.v1alpha1.ApiBackendPolicySpec;
import dev.portcullis.api.v1alpha1.BackendSpec;
import dev.portcullis.api.v1alpha1.Defaults;
import dev.portcullis.api.v1alpha1.HealthCheckSpec;
import dev.portcullis.api.v1alpha1.TimeoutsSpec;
import dev.portcullis.operator.intent.Application;
import dev.portcullis.operator.intent.Application.HealthCheck;
import dev.portcullis.operator.intent.Application.Protocol;
import dev.portcullis.operator.resolve.descriptors.DescriptorReading;
import java.util.Optional;

/** {@code spec.backend}, and the timeout that goes with it. */
final class ApplicationReader {

  static Application read(
      ApiBackendPolicySpec spec, Optional<DescriptorReading> descriptors, At at) {
    var connect = or(in(spec.timeouts(), TimeoutsSpec::connect), Defaults.CONNECT_TIMEOUT);
    var backend = at.field("backend");
    return new Application(
        Ports.read(in(spec.backend(), BackendSpec::port), backend.field("port")),
        protocol(in(spec.backend(), BackendSpec::protocol)),
        Amounts.duration(at.field("timeouts").field("connect"), connect),
        Optional.ofNullable(in(spec.backend(), BackendSpec::healthCheck))
            .map(check -> healthCheck(check, backend.field("healthCheck"))),
        PoolReader.read(in(spec.backend(), BackendSpec::limits), backend.field("limits")),
        BreakerReader.read(spec, backend.field("breaker")),
        new TranscodingReader(spec, descriptors).read(at));
  }

  private static Protocol protocol(BackendSpec.Protocol protocol) {
    return switch (or(protocol, BackendSpec.Protocol.valueOf(Defaults.PROTOCOL))) {
      case HTTP -> Protocol.HTTP1;
      case HTTP2 -> Protocol.HTTP2;
      case GRPC -> Protocol.GRPC;
    };
  }

  private static HealthCheck healthCheck(HealthCheckSpec check, At at) {
    var interval =
        Amounts.duration(at.field("interval"), or(check.interval(), Defaults.HEALTH_INTERVAL));
    var timeout =
        Amounts.duration(at.field("timeout"), or(check.timeout(), Defaults.HEALTH_TIMEOUT));
    if (timeout.compareTo(interval) > 0) {
      at.field("timeout").invalid("Make it no longer than interval: checks would overlap.");
    }
    return new HealthCheck(
        or(check.path(), Defaults.HEALTH_PATH),
        interval,
        timeout,
        or(check.unhealthyThreshold(), Defaults.UNHEALTHY_THRESHOLD));
  }

  private ApplicationReader() {}
}
