package dev.portcullis.operator.envoy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.RateService;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Under which name the store counts for a backend: one that its sidecars are told and nobody else
 * can find out, so nobody else can use up what it counts.
 */
final class Account {

  private static final String ALGORITHM = "HmacSHA256";
  private static final int LETTERS = 32;

  /**
   * Begins with the policy's name, for people who look into the store.
   *
   * @throws java.util.NoSuchElementException without a service; {@code resolve} refuses limits then
   */
  static String of(BackendIntent intent) {
    var service = intent.mesh().rateService().orElseThrow();
    return intent.key() + "/" + mac(service, intent.key().toString()).substring(0, LETTERS);
  }

  private static String mac(RateService service, String text) {
    try {
      var mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(service.secret().getBytes(UTF_8), ALGORITHM));
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }

  private Account() {}
}
