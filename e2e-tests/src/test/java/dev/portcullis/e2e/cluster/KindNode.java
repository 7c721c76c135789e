package dev.portcullis.e2e.cluster;

import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Volume;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/** A one-node cluster in a container, made of a Kind node image as Kind makes it. */
public final class KindNode implements TestCluster {

  private static final int API_SERVER = 6443;
  private static final String ADMIN = "/etc/kubernetes/admin.conf";

  private final GenericContainer<?> node;

  private KindNode(GenericContainer<?> node) {
    this.node = node;
  }

  /** Boots the node and initialises the control plane; takes tens of seconds. */
  public static KindNode start(String image) {
    var node =
        new GenericContainer<>(DockerImageName.parse(image))
            .withPrivilegedMode(true)
            .withTmpFs(Map.of("/tmp", "rw,exec", "/run", "rw"))
            .withEnv("KUBECONFIG", ADMIN)
            .withExposedPorts(API_SERVER)
            .withCreateContainerCmdModifier(
                create ->
                    create
                        .withHostName("portcullis-e2e")
                        // systemd writes what it reached to a console only
                        .withTty(true)
                        .withVolumes(new Volume("/var"))
                        .getHostConfig()
                        .withBinds(
                            new Bind("/lib/modules", new Volume("/lib/modules"), AccessMode.ro)))
            .waitingFor(
                Wait.forLogMessage(".*Reached target.*Multi-User System.*", 1)
                    .withStartupTimeout(Duration.ofMinutes(3)));
    node.start();
    var cluster = new KindNode(node);
    cluster.initialise();
    return cluster;
  }

  private void initialise() {
    node.copyFileToContainer(
        Transferable.of(KubeadmConfig.render(address())), "/kind/kubeadm.conf");
    onNode("kubeadm", "init", "--config=/kind/kubeadm.conf", "--skip-phases=preflight");
    onNode(
        "sh",
        "-c",
        "sed 's|{{ *.PodSubnet *}}|10.244.0.0/16|' /kind/manifests/default-cni.yaml | kubectl apply -f -");
    onNode("kubectl", "taint", "nodes", "--all", "node-role.kubernetes.io/control-plane-");
    onNode("kubectl", "wait", "--for=condition=Ready", "node", "--all", "--timeout=120s");
  }

  private String address() {
    return node.getContainerInfo()
        .getNetworkSettings()
        .getNetworks()
        .values()
        .iterator()
        .next()
        .getIpAddress();
  }

  @Override
  public String kubeconfig() {
    return node.copyFileFromContainer(
            ADMIN, in -> new String(in.readAllBytes(), StandardCharsets.UTF_8))
        .replaceAll(
            "server: https://.*",
            "server: https://" + node.getHost() + ":" + node.getMappedPort(API_SERVER));
  }

  @Override
  public void load(List<String> images) {
    for (var image : images) {
      var tar = save(image);
      node.copyFileToContainer(MountableFile.forHostPath(tar), "/var/image.tar");
      onNode("ctr", "-n", "k8s.io", "images", "import", "--local", "/var/image.tar");
      onNode("rm", "/var/image.tar");
      delete(tar);
    }
  }

  private static Path save(String image) {
    try (InputStream in = DockerClientFactory.instance().client().saveImageCmd(image).exec()) {
      var tar = Files.createTempFile("image", ".tar");
      Files.copy(in, tar, StandardCopyOption.REPLACE_EXISTING);
      return tar;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String onNode(String... command) {
    try {
      ExecResult result = node.execInContainer(command);
      if (result.getExitCode() != 0) {
        throw new IllegalStateException(
            String.join(" ", command) + ": " + result.getStdout() + result.getStderr());
      }
      return result.getStdout();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    node.stop();
  }
}
