package dev.portcullis.operator.whole;

import dev.portcullis.bootstrap.contract.Capture;
import dev.portcullis.bootstrap.contract.SidecarEnv;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.util.Map;

/** A pod behind its gate: object, sandbox and Envoy. */
record Gated(Pod pod, Sandbox sandbox, Envoy envoy) implements AutoCloseable {

  /** Goes through the steps of a pod's start, up to what the kubelet tells the API server. */
  static Gated start(Kubelet kubelet, Pod pod, Path home) {
    return start(kubelet, pod, home, new Way(Capture.REDIRECT, 18000));
  }

  /** Of an operator that serves configuration at another port. */
  static Gated start(Kubelet kubelet, Pod pod, Path home, int xdsPort) {
    return start(kubelet, pod, home, new Way(Capture.REDIRECT, xdsPort));
  }

  /** How connections reach the sidecar, and at which port it finds the operator. */
  record Way(Capture capture, int xdsPort) {}

  /** The same, in another way. */
  static Gated start(Kubelet kubelet, Pod pod, Path home, Way way) {
    var sandbox = Sandbox.pod(home);
    sandbox.write("identity", "credentialbundle.pem", kubelet.credentialBundle(pod));
    sandbox.write("trust", "ca.pem", kubelet.trustBundle());
    sandbox.write("token", "token", kubelet.token(pod));
    sandbox.initialise(
        "prepare",
        Map.of(
            SidecarEnv.POD_NAME,
            pod.getMetadata().getName(),
            SidecarEnv.POD_NAMESPACE,
            pod.getMetadata().getNamespace(),
            SidecarEnv.POD_UID,
            pod.getMetadata().getUid(),
            SidecarEnv.POLICY,
            "orders",
            SidecarEnv.XDS_ADDRESS,
            sandbox.hostAddress() + ":" + way.xdsPort(),
            SidecarEnv.XDS_IDENTITY,
            Replica.IDENTITY,
            SidecarEnv.CAPTURE,
            way.capture().value(),
            SidecarEnv.LISTENER_PORT,
            "8443",
            SidecarEnv.MEMORY_LIMIT,
            "268435456",
            SidecarEnv.CONNECTIONS,
            "1000"));
    var envoy = Envoy.start(sandbox);
    kubelet.report(pod, sandbox.address());
    return new Gated(pod, sandbox, envoy);
  }

  String address() {
    return sandbox.address();
  }

  @Override
  public void close() {
    sandbox.close();
  }
}
