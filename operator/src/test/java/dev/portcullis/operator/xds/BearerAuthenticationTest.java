package dev.portcullis.operator.xds;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nobody gets a stream without a proof of who it is. */
class BearerAuthenticationTest {

  private final InProcessXds xds = new InProcessXds();

  @AfterEach
  void stop() {
    xds.close();
  }

  @Test
  void withoutATokenTheStreamIsRefused() {
    // When
    var client = DeltaClient.connect(xds.channel(), "shop/orders-1");
    // Then
    assertThat(client.end().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
  }

  @Test
  void aTokenThatProvesNothingIsRefusedWithoutSayingWhy() {
    // When
    var end = DeltaClient.connect(xds.channelWithToken("forged"), "shop/orders-1").end();
    // Then
    assertThat(end.getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(end.getDescription()).doesNotContain("forged");
    assertThat(xds.counted("portcullis.xds.refused.streams")).isEqualTo(1);
  }

  @Test
  void aTokenThatCannotBeCheckedNowIsToBeTriedAgain() {
    // When
    var client = DeltaClient.connect(xds.channelWithToken("unlucky"), "shop/orders-1");
    // Then
    assertThat(client.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
  }
}
