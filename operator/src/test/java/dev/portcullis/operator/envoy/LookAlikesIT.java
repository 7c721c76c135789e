package dev.portcullis.operator.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.operator.envoytest.Gate;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.envoytest.LookAlike;
import dev.portcullis.operator.envoytest.MtlsClient;
import dev.portcullis.operator.envoytest.TestPki.LeafShape;
import java.io.IOException;
import java.util.stream.Stream;
import org.bouncycastle.asn1.DERIA5String;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every certificate that resembles a caller's, and is not it. */
class LookAlikesIT {

  private static final String ORDER = "/api/v1/orders/7";

  private static Gate gate;

  @BeforeAll
  static void open() {
    gate = Gate.open(Intents.NONE);
  }

  @AfterAll
  static void close() {
    gate.close();
  }

  @BeforeEach
  void forget() {
    gate.application().forget();
  }

  static Stream<LookAlike> lookAlikes() {
    var serversOnly =
        new LookAlike(
            "for servers only",
            LookAlike.Caught.IN_THE_HANDSHAKE,
            gate.pki()
                .issue(LeafShape.of(Intents.EDGE).withPurposes(KeyPurposeId.id_kp_serverAuth)));
    return Stream.concat(LookAlike.of(Intents.EDGE, gate.pki()), Stream.of(serversOnly));
  }

  @ParameterizedTest
  @MethodSource("lookAlikes")
  void isNotTheCaller(LookAlike lookAlike) throws IOException {
    var caller = gate.with(lookAlike.credential());

    switch (lookAlike.caught()) {
      case IN_THE_HANDSHAKE -> assertRefused(caller);
      case BY_ITS_NAME -> assertThat(caller.get(ORDER).status()).isEqualTo(403);
    }

    assertThat(gate.application().seen()).isEmpty();
    assertThat(gate.as(Intents.EDGE).get(ORDER).status()).as("the right one").isEqualTo(200);
  }

  static Stream<LeafShape> alsoRight() {
    var uri = new GeneralName(GeneralName.uniformResourceIdentifier, Intents.EDGE);
    var dns = new GeneralName(GeneralName.dNSName, new DERIA5String("edge.example"));
    return Stream.of(
        LeafShape.named("any common name", java.util.List.of(uri)),
        LeafShape.named("a DNS name beside it", java.util.List.of(dns, uri)),
        LeafShape.of(Intents.EDGE).withPurposes(KeyPurposeId.id_kp_clientAuth));
  }

  /** What says nothing of who it is does no harm. */
  @ParameterizedTest
  @MethodSource("alsoRight")
  void isTheCaller(LeafShape shape) throws IOException {
    assertThat(gate.with(gate.pki().issue(shape)).get(ORDER).status()).isEqualTo(200);
  }

  /** The handshake does not look at it: that no leaf of ours is one, is for the CA to hold. */
  @Test
  void aLeafThatIsAnAuthorityItselfPassesTheHandshake() throws IOException {
    var authority = LeafShape.of(Intents.EDGE).withConstraints(new BasicConstraints(true));

    assertThat(gate.with(gate.pki().issue(authority)).get(ORDER).status()).isEqualTo(200);
  }

  private static void assertRefused(MtlsClient caller) {
    assertThatThrownBy(() -> caller.get(ORDER)).isInstanceOf(IOException.class);
  }
}
