package dev.portcullis.operator.whole;

import dev.portcullis.bootstrap.contract.Capture;
import dev.portcullis.bootstrap.contract.KeyDelivery;
import dev.portcullis.bootstrap.contract.SidecarEnv;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A pod behind its gate: object, sandbox and Envoy. */
record Gated(Pod pod, Sandbox sandbox, Envoy envoy) implements AutoCloseable {

  /** Goes through the steps of a pod's start, up to what the kubelet tells the API server. */
  static Gated start(Kubelet kubelet, Pod pod, Path home) {
    return start(kubelet, pod, home, new Way(Capture.REDIRECT, 18000, KeyDelivery.KUBELET));
  }

  /** Of an operator that serves configuration at another port. */
  static Gated start(Kubelet kubelet, Pod pod, Path home, int xdsPort) {
    return start(kubelet, pod, home, new Way(Capture.REDIRECT, xdsPort, KeyDelivery.KUBELET));
  }

  /** How connections reach the sidecar, at which port it finds the operator, and its key. */
  record Way(Capture capture, int xdsPort, KeyDelivery keys) {}

  /** The same, in another way. */
  static Gated start(Kubelet kubelet, Pod pod, Path home, Way way) {
    var sandbox = Sandbox.pod(home);
    switch (way.keys()) {
      case KUBELET -> {
        sandbox.write("identity", "credentialbundle.pem", kubelet.credentialBundle(pod));
        sandbox.write("trust", "ca.pem", kubelet.trustBundle());
      }
      case STREAM -> sandbox.write("trust", "ca.pem", kubelet.trustOfNamespace());
    }
    sandbox.write("token", "token", kubelet.token(pod));
    sandbox.initialise("prepare", variables(pod, sandbox, way));
    var envoy = Envoy.start(sandbox);
    kubelet.report(pod, sandbox.address());
    return new Gated(pod, sandbox, envoy);
  }

  private static Map<String, String> variables(Pod pod, Sandbox sandbox, Way way) {
    var variables = new HashMap<String, String>();
    variables.put(SidecarEnv.POD_NAME, pod.getMetadata().getName());
    variables.put(SidecarEnv.POD_NAMESPACE, pod.getMetadata().getNamespace());
    variables.put(SidecarEnv.POD_UID, pod.getMetadata().getUid());
    variables.put(SidecarEnv.POLICY, "orders");
    variables.put(SidecarEnv.XDS_ADDRESS, sandbox.hostAddress() + ":" + way.xdsPort());
    variables.put(SidecarEnv.XDS_IDENTITY, Replica.IDENTITY);
    variables.put(SidecarEnv.KEY_DELIVERY, way.keys().value());
    variables.put(SidecarEnv.CAPTURE, way.capture().value());
    variables.put(SidecarEnv.LISTENER_PORT, "8443");
    variables.put(SidecarEnv.MEMORY_LIMIT, "268435456");
    variables.put(SidecarEnv.CONNECTIONS, "1000");
    return variables;
  }

  String address() {
    return sandbox.address();
  }

  @Override
  public void close() {
    sandbox.close();
  }
}
