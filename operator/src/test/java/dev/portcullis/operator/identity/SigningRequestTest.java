package dev.portcullis.operator.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SigningRequestTest {

  @ParameterizedTest
  @ValueSource(strings = {"ECDSAP256", "ECDSAP384", "RSA3072", "RSA4096", "ED25519"})
  void keysThatEnvoyServesWellAreAcceptable(String keyType) {
    assertThat(read(Requests.empty(keyType)))
        .isInstanceOfSatisfying(
            SigningRequest.Acceptable.class,
            acceptable -> assertThat(acceptable.key().type()).hasToString(keyType));
  }

  @ParameterizedTest
  @CsvSource({
    "ECDSAP521, ECDSAP521",
    "RSA2048, 1.2.840.113549.1.1.1",
    "RSA1024, 1.2.840.113549.1.1.1"
  })
  void otherKeysAreNamed(String keyType, String found) {
    assertThat(read(Requests.empty(keyType))).isEqualTo(new SigningRequest.UnsupportedKey(found));
  }

  @Test
  void aRequestSignedByAnotherKeyIsMalformed() {
    assertThat(read(Requests.forged()))
        .isEqualTo(
            new SigningRequest.Malformed("its signature does not prove possession of its key"));
  }

  @Test
  void everyTruncationIsRefused() {
    var request = Requests.empty("ECDSAP256");

    for (int length = 0; length < request.length; length++) {
      assertThat(read(Arrays.copyOf(request, length))).isInstanceOf(SigningRequest.Malformed.class);
    }
  }

  @Test
  void noFlippedBitGetsAnotherKeyCertified() {
    var request = Requests.empty("ECDSAP256");
    var key = Authorities.acceptable(request).info();

    for (int bit = 0; bit < request.length * 8; bit++) {
      var hostile = request.clone();
      hostile[bit / 8] ^= (byte) (1 << (bit % 8));
      if (read(hostile) instanceof SigningRequest.Acceptable acceptable) {
        assertThat(acceptable.key().info()).isEqualTo(key);
      }
    }
  }

  @Test
  void garbageIsRefusedWithoutAnException() {
    var random = new Random(7);
    for (int round = 0; round < 2_000; round++) {
      var garbage = new byte[1 + random.nextInt(300)];
      random.nextBytes(garbage);
      assertThat(read(garbage)).isNotInstanceOf(SigningRequest.Acceptable.class);
      assertThat(SigningRequest.ofPublicKey(garbage))
          .isNotInstanceOf(SigningRequest.Acceptable.class);
    }
  }

  @Test
  void deepNestingIsRefused() {
    var nested = new byte[SigningRequest.MAX_BYTES];
    for (int i = 0; i < nested.length; i += 2) {
      nested[i] = 0x30;
      nested[i + 1] = (byte) 0x80;
    }
    assertThat(read(nested)).isInstanceOf(SigningRequest.Malformed.class);
  }

  @Test
  void anOversizedRequestIsNotLookedAt() {
    assertThat(read(new byte[SigningRequest.MAX_BYTES + 1]))
        .isInstanceOf(SigningRequest.Malformed.class);
  }

  @Test
  void aPointOffItsCurveIsRefused() {
    var request = Requests.empty("ECDSAP256");
    int point = indexOf(request, new byte[] {0x03, 0x42, 0x00, 0x04});
    Arrays.fill(request, point + 4, point + 4 + 64, (byte) 1);

    assertThat(read(request)).isInstanceOf(SigningRequest.Malformed.class);
  }

  private static int indexOf(byte[] whole, byte[] part) {
    for (int i = 0; i <= whole.length - part.length; i++) {
      if (Arrays.equals(whole, i, i + part.length, part, 0, part.length)) {
        return i;
      }
    }
    throw new AssertionError("not found");
  }

  private static SigningRequest read(byte[] request) {
    return SigningRequest.ofPkcs10(request, CryptoProvider.fastest());
  }
}
