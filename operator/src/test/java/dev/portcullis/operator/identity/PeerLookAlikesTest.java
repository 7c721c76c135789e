package dev.portcullis.operator.identity;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.envoytest.LookAlike;
import dev.portcullis.operator.envoytest.TestPki;
import dev.portcullis.operator.envoytest.TestPki.Credential;
import dev.portcullis.operator.envoytest.TestPki.LeafShape;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whom the operator takes for a pod's gate when it measures. */
class PeerLookAlikesTest {

  private static final TestPki PKI = TestPki.create();

  private final PeerTrust trust =
      new PeerTrust(TrustBundle.ofPem(PKI.trustBundle()), Intents.BACKEND);

  static Stream<LookAlike> lookAlikes() {
    var clientsOnly =
        new LookAlike(
            "for clients only",
            LookAlike.Caught.IN_THE_HANDSHAKE,
            PKI.issue(LeafShape.of(Intents.BACKEND).withPurposes(KeyPurposeId.id_kp_clientAuth)));
    return Stream.concat(
        // Whether a peer has the key of its certificate is TLS' own business.
        LookAlike.of(Intents.BACKEND, PKI).filter(each -> !each.what().equals("without its key")),
        Stream.of(clientsOnly));
  }

  @ParameterizedTest
  @MethodSource("lookAlikes")
  void isNotTheGate(LookAlike lookAlike) {
    assertThatThrownBy(() -> check(lookAlike.credential()))
        .isInstanceOf(CertificateException.class);
  }

  @Test
  void theRightOneIs() {
    assertThatCode(() -> check(PKI.issue(Intents.BACKEND))).doesNotThrowAnyException();
  }

  private void check(Credential peer) throws CertificateException {
    trust.checkServerTrusted(peer.chain().toArray(X509Certificate[]::new), "UNKNOWN");
  }
}
