package dev.portcullis.operator.xds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.envoytest.TlsProbe;
import dev.portcullis.operator.envoytest.TlsProbe.Offer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class XdsTlsTest {

  private static final List<Integer> GROUPS = List.of(256, 260, 25, 24, 23, 29);

  private final Operator operator = Operator.start(new Operator.Cluster(), 0, Duration.ZERO);
  private final TlsProbe probe = new TlsProbe(operator.server.port());

  @AfterEach
  void stop() {
    operator.close();
  }

  @Test
  void exchangesKeysOnEllipticCurvesAlone() {
    var all = new Offer(TlsProbe.TLS_1_3, List.of(0x1301), GROUPS);

    assertThat(probe.groups(all)).containsExactlyInAnyOrder(29, 23, 24);
  }

  @Test
  void speaksNothingOlderThanTls13() {
    for (var old : List.of(TlsProbe.TLS_1_2, TlsProbe.TLS_1_1, TlsProbe.TLS_1_0)) {
      assertThat(probe.offer(new Offer(old, List.of(0xc02b, 0xc02c, 0xcca9, 0xc009), GROUPS)))
          .isEmpty();
    }
  }
}
