package dev.portcullis.operator.inject;

import dev.portcullis.bootstrap.contract.AppProbe;
import dev.portcullis.bootstrap.contract.ProbePaths;
import dev.portcullis.bootstrap.contract.SidecarPorts;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.GRPCActionBuilder;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.HTTPGetActionBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import java.util.List;
import java.util.Optional;

/** The way back from {@link ProbeRewrite}. What does not lead to a known question stays. */
record ProbeRestore(List<AppProbe> questions) {

  static Pod restore(Pod pod, List<AppProbe> questions) {
    var back = new ProbeRestore(questions);
    return new PodBuilder(pod)
        .editSpec()
        .withInitContainers(back.restore(PodContainers.orNone(pod.getSpec().getInitContainers())))
        .withContainers(back.restore(PodContainers.orNone(pod.getSpec().getContainers())))
        .endSpec()
        .build();
  }

  private List<Container> restore(List<Container> containers) {
    return containers.stream().map(this::restore).toList();
  }

  private Container restore(Container container) {
    return new ContainerBuilder(container)
        .withStartupProbe(restore(container.getStartupProbe()))
        .withLivenessProbe(restore(container.getLivenessProbe()))
        .withReadinessProbe(restore(container.getReadinessProbe()))
        .build();
  }

  private Probe restore(Probe probe) {
    return probe == null
        ? null
        : question(probe.getHttpGet()).map(question -> with(probe, question)).orElse(probe);
  }

  private Optional<AppProbe> question(HTTPGetAction get) {
    boolean isOurs =
        get != null
            && get.getPath() != null
            && get.getPath().startsWith(ProbePaths.APP_PREFIX)
            && Integer.valueOf(SidecarPorts.PROBE).equals(get.getPort().getIntVal());
    return isOurs
        ? question(get.getPath().substring(ProbePaths.APP_PREFIX.length()))
        : Optional.empty();
  }

  private Optional<AppProbe> question(String index) {
    for (var i = 0; i < questions.size(); i++) {
      if (index.equals(Integer.toString(i))) {
        return Optional.of(questions.get(i));
      }
    }
    return Optional.empty();
  }

  private static Probe with(Probe probe, AppProbe question) {
    var restored = new ProbeBuilder(probe).withHttpGet(get(question));
    return switch (question) {
      case AppProbe.HttpGet http -> restored.build();
      case AppProbe.HttpsGet https -> restored.build();
      case AppProbe.TcpSocket tcp ->
          restored.withNewTcpSocket().withNewPort(tcp.port()).endTcpSocket().build();
      case AppProbe.Grpc grpc ->
          restored
              .withGrpc(
                  new GRPCActionBuilder().withPort(grpc.port()).withService(grpc.service()).build())
              .build();
    };
  }

  /** Null for a question that is not asked over HTTP. */
  private static HTTPGetAction get(AppProbe question) {
    return switch (question) {
      case AppProbe.HttpGet http -> get("HTTP", http.port(), http.path());
      case AppProbe.HttpsGet https -> get("HTTPS", https.port(), https.path());
      case AppProbe.TcpSocket tcp -> null;
      case AppProbe.Grpc grpc -> null;
    };
  }

  private static HTTPGetAction get(String scheme, int port, String path) {
    return new HTTPGetActionBuilder().withScheme(scheme).withNewPort(port).withPath(path).build();
  }
}
