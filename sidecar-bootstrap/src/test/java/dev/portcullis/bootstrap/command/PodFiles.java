package dev.portcullis.bootstrap.command;

import dev.portcullis.bootstrap.contract.SidecarEnv;
import dev.portcullis.bootstrap.render.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** What the kubelet and the injector put into a pod. */
final class PodFiles {

  static final Map<String, String> ENVIRONMENT =
      Map.ofEntries(
          Map.entry(SidecarEnv.POD_NAME, "orders-1"),
          Map.entry(SidecarEnv.POD_NAMESPACE, "shop"),
          Map.entry(SidecarEnv.POD_UID, "0b6e2f4e"),
          Map.entry(SidecarEnv.POLICY, "orders"),
          Map.entry(SidecarEnv.XDS_ADDRESS, "127.0.0.1:18000"),
          Map.entry(SidecarEnv.XDS_IDENTITY, "spiffe://cluster.local/ns/system/sa/operator"),
          Map.entry(SidecarEnv.CAPTURE, "None"),
          Map.entry(SidecarEnv.LISTENER_PORT, "8443"),
          Map.entry(SidecarEnv.MEMORY_LIMIT, "134217728"),
          Map.entry(SidecarEnv.CONNECTIONS, "10000"));

  private PodFiles() {}

  static Layout in(Path pod) throws IOException {
    var layout =
        new Layout(
            Files.createDirectories(pod.resolve("identity")),
            Files.createDirectories(pod.resolve("trust")),
            Files.createDirectories(pod.resolve("token")),
            Files.createDirectories(pod.resolve("config")));
    var pair = SelfSigned.generate();
    Files.writeString(layout.credentialBundle(), pair.key() + pair.certificate());
    Files.writeString(layout.trustBundle(), pair.certificate());
    Files.writeString(layout.xdsToken(), "header.payload.signature\n");
    return layout;
  }
}
