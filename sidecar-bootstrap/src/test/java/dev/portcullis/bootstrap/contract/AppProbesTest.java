package dev.portcullis.bootstrap.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AppProbesTest {

  @Test
  void readsWhatItWrote() {
    var probes =
        List.<AppProbe>of(
            new AppProbe.HttpGet(8080, "/healthz?full=1&q=a b"),
            new AppProbe.HttpsGet(8443, "/"),
            new AppProbe.TcpSocket(65535),
            new AppProbe.Grpc(9000, ""),
            new AppProbe.Grpc(9000, "shop.Orders"));

    assertThat(AppProbes.parse(AppProbes.format(probes))).isEqualTo(probes);
  }

  @Test
  void readsNoProbes() {
    assertThat(AppProbes.parse(AppProbes.format(List.of()))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"udp 53", "http 8080", "http 8080 healthz", "tcp 0", "tcp x", "tcp", " "})
  void refusesWhatIsNoProbe(String line) {
    assertThatThrownBy(() -> AppProbes.parse(line))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + line + "' is no probe");
  }
}
