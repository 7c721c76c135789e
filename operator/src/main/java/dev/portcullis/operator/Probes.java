package dev.portcullis.operator;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

/** Health, as the kubelet asks for it on {@code /q/health/{started,live,ready}}. */
@ApplicationScoped
class Probes {

  private final Process process;

  Probes(Process process) {
    this.process = process;
  }

  @Produces
  @Startup
  HealthCheck started() {
    return () -> HealthCheckResponse.named("started").status(process.hasStarted()).build();
  }

  @Produces
  @Liveness
  HealthCheck live() {
    return () -> response("live", process.fatal());
  }

  @Produces
  @Readiness
  HealthCheck ready() {
    return () -> response("ready", process.unready());
  }

  private static HealthCheckResponse response(String name, List<String> problems) {
    var response = HealthCheckResponse.named(name).status(problems.isEmpty());
    for (var i = 0; i < problems.size(); i++) {
      response.withData("problem-" + i, problems.get(i));
    }
    return response.build();
  }
}
