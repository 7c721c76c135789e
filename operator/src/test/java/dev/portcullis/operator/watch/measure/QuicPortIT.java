package dev.portcullis.operator.watch.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.envoytest.Gate;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.intent.Inbound.Capture;
import dev.portcullis.operator.intent.Inbound.Http3;
import dev.portcullis.operator.intent.SpiffeId;
import dev.portcullis.operator.status.PodFacts.Reading;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the operator finds out about a gate that should serve HTTP/3. */
class QuicPortIT {

  private static final Intents.Change HTTP3 = Intents.http3(new Http3(Optional.empty()));

  @Test
  void aGateThatServesHttp3IsServing() {
    try (var gate = Gate.open(HTTP3)) {
      assertThat(measured(gate)).isInstanceOf(Reading.Served.class);
    }
  }

  @Test
  void oneThatServesNothingOverUdpIsNotReachable() {
    try (var gate = Gate.open(Intents.NONE)) {
      assertThat(measured(gate))
          .isEqualTo(
              new Reading.Unreachable(
                  "The gate did not answer over QUIC on UDP port %d.".formatted(gate.port())));
    }
  }

  @Test
  void whatAnswersSomethingElseIsNoGate() throws Exception {
    var loopback = InetAddress.getLoopbackAddress();
    try (var echo = new DatagramSocket(0, loopback)) {
      Thread.ofVirtual().start(() -> sendBack(echo));

      var address = new InetSocketAddress(loopback, echo.getLocalPort());
      assertThat(new QuicPort(Duration.ofSeconds(3)).answers(address)).isFalse();
    }
  }

  private static void sendBack(DatagramSocket echo) {
    try {
      while (true) {
        var packet = new DatagramPacket(new byte[2000], 2000);
        echo.receive(packet);
        echo.send(packet);
      }
    } catch (IOException closed) {
      return;
    }
  }

  private static Reading measured(Gate gate) {
    var context = gate.as(Intents.OPERATOR).context();
    var target =
        new Target(
            InetAddress.getLoopbackAddress(),
            new SpiffeId(Intents.BACKEND),
            gate.port(),
            Optional.of(gate.port()),
            closedPort(),
            Capture.NONE);
    return new EnforcementProbe(_ -> Optional.of(context), Duration.ofSeconds(9)).measure(target);
  }

  /** With capture None the application must not be reached from outside; here it would be. */
  private static int closedPort() {
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
