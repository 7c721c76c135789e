package dev.portcullis.operator.inject;

import dev.portcullis.bootstrap.contract.AppProbe;
import dev.portcullis.bootstrap.contract.SidecarPorts;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.GRPCAction;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.TCPSocketAction;
import java.util.Optional;

/**
 * Reads what the kubelet asks a container. The sidecar asks the same from inside the pod; what it
 * could not ask in the same way is refused, because a probe that means something else is worse than
 * none.
 */
record HandlerReader(Container container, String purpose) {

  private static final int LARGEST_PORT = 65535;

  AppProbe read(HTTPGetAction get) throws Rejection {
    requireNoHost(get.getHost());
    if (!PodContainers.orNone(get.getHttpHeaders()).isEmpty()) {
      throw cannot(
          "sends headers of its own, which the sidecar would not",
          "remove httpHeaders, or use an exec probe");
    }
    var path = path(Optional.ofNullable(get.getPath()).orElse(""));
    var port = port(get.getPort());
    return "HTTPS".equals(get.getScheme())
        ? new AppProbe.HttpsGet(port, path)
        : new AppProbe.HttpGet(port, path);
  }

  AppProbe read(TCPSocketAction socket) throws Rejection {
    requireNoHost(socket.getHost());
    return new AppProbe.TcpSocket(port(socket.getPort()));
  }

  AppProbe read(GRPCAction grpc) throws Rejection {
    var service = Optional.ofNullable(grpc.getService()).orElse("");
    if (!isPlain(service)) {
      throw cannot("asks for a service with blanks or control characters in its name", "rename it");
    }
    return new AppProbe.Grpc(port(new IntOrString(grpc.getPort())), service);
  }

  private void requireNoHost(String host) throws Rejection {
    if (host != null && !host.isEmpty()) {
      throw cannot("asks host " + host + ", which the sidecar would not", "remove host");
    }
  }

  private String path(String path) throws Rejection {
    if (!isPlain(path) || path.contains("#")) {
      throw cannot("has a path with blanks, control characters or '#'", "escape them as in a URL");
    }
    return path.startsWith("/") ? path : "/" + path;
  }

  private int port(IntOrString port) throws Rejection {
    var number = port.getStrVal() == null ? port.getIntVal() : named(port.getStrVal());
    if (number == null || number < 1 || number > LARGEST_PORT) {
      throw cannot("has no port from 1 to 65535", "correct it");
    }
    if (SidecarPorts.ALL.contains(number)) {
      throw cannot("asks port " + number + ", which is the sidecar's", "use another port");
    }
    return number;
  }

  private Integer named(String name) throws Rejection {
    return PodContainers.orNone(container.getPorts()).stream()
        .filter(port -> name.equals(port.getName()))
        .map(ContainerPort::getContainerPort)
        .findFirst()
        .orElseThrow(
            () ->
                cannot(
                    "asks port '" + name + "', which the container does not have",
                    "name one of its ports, or give the number"));
  }

  private static boolean isPlain(String text) {
    return text.chars().noneMatch(c -> c <= ' ' || c == 0x7f || Character.isWhitespace(c));
  }

  private Rejection cannot(String what, String advice) {
    return new Rejection(
        "the %s of its container %s %s; %s.", purpose, container.getName(), what, advice);
  }
}
