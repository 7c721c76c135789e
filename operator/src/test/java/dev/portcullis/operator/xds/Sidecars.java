package dev.portcullis.operator.xds;

import dev.portcullis.bootstrap.contract.Capture;
import dev.portcullis.bootstrap.contract.KeyDelivery;
import dev.portcullis.bootstrap.contract.Metrics;
import dev.portcullis.bootstrap.render.FileSecrets;
import dev.portcullis.bootstrap.render.Layout;
import dev.portcullis.bootstrap.render.SidecarBootstrap;
import dev.portcullis.bootstrap.render.SidecarSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Real Envoys with the bootstrap of a real sidecar. */
final class Sidecars implements AutoCloseable {

  private final Path directory;
  private final Operator.Cluster cluster;
  private final List<RunningEnvoy> open = new ArrayList<>();

  Sidecars(Path directory, Operator.Cluster cluster) {
    this.directory = directory;
    this.cluster = cluster;
  }

  /** A pod's files as the kubelet and the init step leave them. */
  record Pod(String name, Layout layout) {
    Peer peer() {
      return new Peer("shop", name, "uid-of-" + name, name);
    }

    void writeToken(String token) throws IOException {
      var next = layout.tokenDir().resolve("next");
      Files.writeString(next, token + "\n");
      Files.move(next, layout.xdsToken(), StandardCopyOption.ATOMIC_MOVE);
    }
  }

  Pod pod(String name) throws IOException {
    var home = directory.resolve(name);
    var layout =
        new Layout(
            home.resolve("identity"),
            home.resolve("trust"),
            home.resolve("token"),
            home.resolve("config"));
    for (var each :
        List.of(layout.identityDir(), layout.trustDir(), layout.tokenDir(), layout.configDir())) {
      Files.createDirectories(each);
    }
    Files.writeString(layout.trustBundle(), cluster.authority.rootInPem());
    Files.write(layout.trustSds(), FileSecrets.trust(layout).toByteArray());
    Files.write(layout.tokenSds(), FileSecrets.token(layout).toByteArray());
    var pod = new Pod(name, layout);
    cluster.issue("token-of-" + name, pod.peer(), Duration.ofHours(1));
    pod.writeToken("token-of-" + name);
    return pod;
  }

  RunningEnvoy start(Pod pod, Operator operator) {
    var settings =
        new SidecarSettings(
            new SidecarSettings.Pod("shop", pod.name(), pod.peer().uid(), "orders"),
            new SidecarSettings.Xds("127.0.0.1", operator.server.port(), Operator.IDENTITY),
            KeyDelivery.KUBELET,
            new SidecarSettings.Inbound(Capture.NONE, 1, SidecarSettings.Families.IPV4),
            new SidecarSettings.Budget(256L << 20, 1_000),
            List.of(),
            Metrics.CLOSED,
            pod.layout());
    var bootstrap = SidecarBootstrap.of(settings).toBuilder();
    // The probe port and the way through the gate are another test's.
    bootstrap.getStaticResourcesBuilder().clearListeners().removeClusters(1);
    var envoy = RunningEnvoy.start(bootstrap.build(), pod.layout().configDir());
    open.add(envoy);
    return envoy;
  }

  /** Of a new pod of this group. */
  RunningEnvoy start(String pod, String group, Operator operator) throws IOException {
    cluster.groups.put(pod, new GroupKey(group));
    return start(pod(pod), operator);
  }

  @Override
  public void close() {
    open.reversed().forEach(RunningEnvoy::close);
  }
}
