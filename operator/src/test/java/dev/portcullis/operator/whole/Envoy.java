package dev.portcullis.operator.whole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.bootstrap.contract.SidecarFlags;
import dev.portcullis.bootstrap.contract.SidecarPaths;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A real Envoy in a sandbox, run from what the init step left there. */
record Envoy(Sandbox sandbox) {

  static final String DRAIN_SECONDS = "2";

  static Envoy start(Sandbox sandbox) {
    sandbox.start(
        "envoy",
        Map.of(),
        List.of(
            program().toString(),
            "-c",
            SidecarPaths.ENVOY_BOOTSTRAP,
            "--concurrency",
            "1",
            "--use-dynamic-base-id",
            SidecarFlags.DRAIN_SECONDS,
            DRAIN_SECONDS,
            "--drain-strategy",
            "immediate",
            "--file-flush-interval-msec",
            "50",
            "-l",
            "warning",
            "--component-log-level",
            System.getProperty("envoy.components", "config:warning")));
    return new Envoy(sandbox);
  }

  /** How many responses of discovery it has taken or refused since it started. */
  long configurationsReceived() {
    return sum("(lds|cds|rds).*update_(success|rejected)$");
  }

  /** Streams to the operator that it has opened since it started. */
  long streamsOpened() {
    return sum("cluster.portcullis-xds.upstream_rq_total");
  }

  /** How often the operator was shown that the redirect works. */
  long proofsGiven() {
    return sum("redirect-proof.rbac.shadow_allowed");
  }

  private long sum(String filter) {
    return stats(filter)
        .lines()
        .filter(line -> line.matches("[a-z].*: [0-9]+"))
        .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  boolean isConnected() {
    return stats("control_plane.connected_state").contains(": 1");
  }

  String stats(String filter) {
    return admin("/stats?filter=" + filter);
  }

  /** All that it was given and has read, as it tells it itself. */
  String configuration() {
    return admin("/config_dump?include_eds") + admin("/certs") + admin("/stats");
  }

  /** The answer of the admin interface, headers and all; empty while it does not answer. */
  String admin(String pathAndQuery) {
    try (var socket = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      socket.connect(UnixDomainSocketAddress.of(sandbox.config("admin.sock")));
      var request = "GET " + pathAndQuery + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
      socket.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
      var answer = Channels.newInputStream(socket).readAllBytes();
      return new String(answer, StandardCharsets.UTF_8);
    } catch (IOException notYet) {
      return "";
    }
  }

  private static Path program() {
    var path =
        Optional.ofNullable(System.getenv("PORTCULLIS_ENVOY"))
            .map(Path::of)
            .orElse(
                Path.of(System.getProperty("user.home"), ".cache/portcullis/envoy/1.40.0/envoy"));
    assertThat(Files.isExecutable(path))
        .as("no Envoy at %s: set PORTCULLIS_ENVOY, or let the test bed fetch it", path)
        .isTrue();
    return path;
  }
}
