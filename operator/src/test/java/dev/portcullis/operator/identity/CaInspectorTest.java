package dev.portcullis.operator.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CaInspectorTest {

  private static final CaMaterial OURS = Authorities.material();
  private static final CaMaterial FOREIGN = Authorities.material();

  @Test
  void whatWasKeptIsFoundAgain() {
    var found = CaInspector.inspect(files(OURS));

    assertThat(found)
        .isInstanceOfSatisfying(
            CaInspection.Sound.class,
            sound -> assertThat(sound.material().files()).isEqualTo(OURS.files()));
  }

  @Test
  void aRootAloneIsARootAlone() {
    var files = files(OURS);
    files.remove("issuing.crt");
    files.remove("issuing.key");

    assertThat(CaInspector.inspect(files)).isInstanceOf(CaInspection.RootOnly.class);
  }

  static Stream<Arguments> damage() {
    return Stream.of(
        damaged("root.crt is missing or empty", Map::clear),
        damaged("root.key is missing or empty", files -> files.remove("root.key")),
        damaged("issuing.key is missing or empty", files -> files.remove("issuing.key")),
        damaged("issuing.crt is missing or empty", files -> files.put("issuing.crt", new byte[0])),
        damaged(
            "root.crt must hold exactly one PEM block of type CERTIFICATE",
            files -> files.put("root.crt", "garbage".getBytes(US_ASCII))),
        damaged(
            "root.crt is not a certificate",
            files -> files.put("root.crt", Pem.certificate(new byte[40]).getBytes(US_ASCII))),
        damaged(
            "issuing.key is neither an EC nor an RSA private key (PKCS #8)",
            files -> files.put("issuing.key", Pem.privateKey(new byte[40]).getBytes(US_ASCII))),
        damaged(
            "root.key is not the key of root.crt",
            files -> files.put("root.key", files(FOREIGN).get("root.key"))),
        damaged(
            "issuing.key is not the key of issuing.crt",
            files -> files.put("issuing.key", files(FOREIGN).get("issuing.key"))),
        damaged(
            "issuing.crt is not signed by root.crt",
            files -> {
              files.put("issuing.crt", files(FOREIGN).get("issuing.crt"));
              files.put("issuing.key", files(FOREIGN).get("issuing.key"));
            }),
        damaged(
            "root.crt does not allow an issuing CA below it",
            files -> {
              files.put("root.crt", files.get("issuing.crt"));
              files.put("root.key", files.get("issuing.key"));
            }),
        damaged(
            "root.crt is not a CA certificate",
            files -> {
              var leaf =
                  Authorities.issued(
                      Authorities.authority()
                          .issue(Authorities.order(Requests.empty("ECDSAP256"))));
              files.put("root.crt", Pem.certificate(leaf.certificate()).getBytes(US_ASCII));
            }));
  }

  private static Arguments damaged(String reason, Consumer<Map<String, byte[]>> damage) {
    return Arguments.of(reason, damage);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("damage")
  void damageIsNamed(String reason, Consumer<Map<String, byte[]>> damage) {
    var files = files(OURS);
    damage.accept(files);

    assertThat(CaInspector.inspect(files)).isEqualTo(new CaInspection.Unsound(reason));
  }

  static Map<String, byte[]> files(CaMaterial material) {
    var files = new HashMap<String, byte[]>();
    material.files().forEach((name, pem) -> files.put(name, pem.getBytes(US_ASCII)));
    return files;
  }
}
