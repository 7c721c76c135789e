package dev.portcullis.bootstrap.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.Test;

class SelfSignedTest {

  @Test
  void isACertificateThatItsOwnKeySigned() throws Exception {
    var pem = SelfSigned.generate().certificate().getBytes(StandardCharsets.US_ASCII);

    var certificate =
        (X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(pem));

    certificate.verify(certificate.getPublicKey());
    certificate.checkValidity();
    assertThat(certificate.getVersion()).isEqualTo(3);
  }

  @Test
  void isAnotherOneEachTime() {
    assertThat(SelfSigned.generate().key()).isNotEqualTo(SelfSigned.generate().key());
  }
}
