package dev.portcullis.operator.envoy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.api.v1alpha1.JwksSpec;
import dev.portcullis.operator.intent.VerificationKey;
import dev.portcullis.operator.resolve.KeyReader;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class TokenProviderTest {

  /** A point whose x was chosen by a hash: who knew its private key could break the curve. */
  @Test
  void theKeyOfAnUnknownIssuerIsSoundAndNobodyKnowsItsPrivateHalf()
      throws NoSuchAlgorithmException {
    var key = (VerificationKey.Ec) TokenProvider.NOBODYS;
    var hash =
        MessageDigest.getInstance("SHA-256")
            .digest("portcullis: nobody's key 0".getBytes(US_ASCII));

    assertThat(key.x()).isEqualTo(Base64.getUrlEncoder().withoutPadding().encodeToString(hash));
    assertThat(
            KeyReader.published(
                new JwksSpec.Key(
                    JwksSpec.Type.EC,
                    "nobody",
                    null,
                    null,
                    JwksSpec.Curve.P_256,
                    key.x(),
                    key.y(),
                    null,
                    null)))
        .contains(key);
  }
}
