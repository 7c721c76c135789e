package dev.portcullis.operator.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.operator.envoytest.Gate;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.envoytest.MtlsClient;
import dev.portcullis.operator.envoytest.TestPki.LeafShape;
import dev.portcullis.operator.envoytest.TlsProbe;
import dev.portcullis.operator.envoytest.TlsProbe.Offer;
import dev.portcullis.operator.identity.Requests;
import dev.portcullis.operator.intent.KeyType;
import dev.portcullis.operator.intent.Tls;
import dev.portcullis.operator.intent.Tls.Profile;
import dev.portcullis.operator.intent.Tls.Version;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.KeyPair;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Protocol versions, suites, groups, key types and ALPN. */
class TlsIT {

  private static final String FILE = "/files/a";
  private static final int X25519MLKEM768 = 0x11ec;
  private static final int X25519 = 29;
  private static final int P_256 = 23;
  private static final int P_384 = 24;
  private static final int P_521 = 25;
  private static final int FFDHE2048 = 256;
  private static final int AES_128 = 0x1301;
  private static final int AES_256 = 0x1302;
  private static final int CHACHA20 = 0x1303;
  private static final List<Integer> TLS_1_3_SUITES = List.of(CHACHA20, AES_256, AES_128);
  private static final List<Integer> GROUPS =
      List.of(FFDHE2048, P_521, P_384, P_256, X25519, X25519MLKEM768);

  private static final int ECDSA_AES_128 = 0xc02b;
  private static final int ECDSA_AES_256 = 0xc02c;
  private static final int ECDSA_CHACHA20 = 0xcca9;
  private static final int RSA_AES_128 = 0xc02f;
  private static final int RSA_AES_256 = 0xc030;
  private static final int RSA_CHACHA20 = 0xcca8;
  // CBC with SHA-1 and SHA-256, RSA key exchange, 3DES, finite-field Diffie-Hellman.
  private static final List<Integer> WEAK =
      List.of(0xc009, 0xc00a, 0xc023, 0xc013, 0xc027, 0x002f, 0x009c, 0x000a, 0x009e, 0x0033);
  private static final List<Integer> TLS_1_2_SUITES =
      Stream.concat(
              WEAK.stream(),
              Stream.of(
                  RSA_CHACHA20,
                  RSA_AES_256,
                  RSA_AES_128,
                  ECDSA_CHACHA20,
                  ECDSA_AES_256,
                  ECDSA_AES_128))
          .toList();

  private static final Map<KeyType, KeyPair> KEYS = new EnumMap<>(KeyType.class);

  private static KeyPair key(KeyType type) {
    return KEYS.computeIfAbsent(type, missing -> Requests.key(missing.name()));
  }

  private static Gate gate(Tls tls) {
    return Gate.openWithKey(key(tls.keyType()), Intents.tls(tls));
  }

  private static Tls tls(Version version, KeyType key) {
    return new Tls(version, Profile.STANDARD, List.of(), List.of(), key);
  }

  private static Tls fips(KeyType key) {
    return new Tls(Version.TLS_1_2, Profile.FIPS140, List.of(), List.of(), key);
  }

  private static MtlsClient caller(Gate gate, KeyType type) {
    return gate.with(gate.pki().issue(LeafShape.of(Intents.EDGE), key(type)));
  }

  private static int status(MtlsClient caller, String protocol) throws IOException {
    try (var connection = caller.connect(protocol)) {
      return connection.get(FILE).status();
    }
  }

  private static List<Integer> suites(Gate gate, int version, List<Integer> offered) {
    return new TlsProbe(gate.port()).suites(new Offer(version, offered, GROUPS));
  }

  private static List<Integer> groups(Gate gate) {
    return new TlsProbe(gate.port()).groups(new Offer(TlsProbe.TLS_1_3, TLS_1_3_SUITES, GROUPS));
  }

  @ParameterizedTest
  @EnumSource
  void everyKeyTypeIsServedToCallersOfEveryKeyType(KeyType type) throws IOException {
    try (var gate = gate(tls(Version.TLS_1_2, type))) {
      for (var other : KeyType.values()) {
        var caller = caller(gate, other);
        assertThat(status(caller, "TLSv1.3")).as("%s calls %s", other, type).isEqualTo(200);
        assertThat(status(caller, "TLSv1.2")).as("%s calls %s", other, type).isEqualTo(200);
      }
    }
  }

  @Test
  void theDefaultIsTls13WithThePostQuantumHybridFirst() {
    try (var gate = gate(Tls.DEFAULT)) {
      assertThat(groups(gate)).containsExactly(X25519MLKEM768, X25519, P_256, P_384);
      assertThat(suites(gate, TlsProbe.TLS_1_3, TLS_1_3_SUITES))
          .containsExactlyInAnyOrder(AES_128, AES_256, CHACHA20);
      for (var older : List.of(TlsProbe.TLS_1_2, TlsProbe.TLS_1_1, TlsProbe.TLS_1_0)) {
        assertThat(suites(gate, older, TLS_1_2_SUITES)).isEmpty();
      }
    }
  }

  @Test
  void tls12HasNoSuiteWithoutForwardSecrecyOrAuthenticatedEncryption() {
    try (var gate = gate(tls(Version.TLS_1_2, KeyType.ECDSAP256))) {
      assertThat(suites(gate, TlsProbe.TLS_1_2, TLS_1_2_SUITES))
          .containsExactly(ECDSA_AES_128, ECDSA_AES_256);
      assertThat(suites(gate, TlsProbe.TLS_1_1, TLS_1_2_SUITES)).isEmpty();
      assertThat(suites(gate, TlsProbe.TLS_1_0, TLS_1_2_SUITES)).isEmpty();
    }
    try (var gate = gate(tls(Version.TLS_1_2, KeyType.RSA3072))) {
      assertThat(suites(gate, TlsProbe.TLS_1_2, TLS_1_2_SUITES))
          .containsExactly(RSA_AES_128, RSA_AES_256);
    }
  }

  @Test
  void thePolicysOrderOfSuitesAndCurvesIsTheServers() {
    var suites =
        List.of(
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384");
    var tls =
        new Tls(
            Version.TLS_1_2,
            Profile.STANDARD,
            suites,
            List.of("P-384", "X25519"),
            KeyType.ECDSAP256);
    try (var gate = gate(tls)) {
      assertThat(suites(gate, TlsProbe.TLS_1_2, TLS_1_2_SUITES))
          .containsExactly(ECDSA_CHACHA20, ECDSA_AES_256);
      assertThat(groups(gate)).containsExactly(P_384, X25519);
    }
  }

  @Test
  void aPodThatStillHasTheKeyOfBeforeIsReachedByTls12() throws IOException {
    var tls =
        new Tls(
            Version.TLS_1_2,
            Profile.STANDARD,
            List.of("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"),
            List.of(),
            KeyType.RSA4096);
    try (var gate = Gate.openWithKey(key(KeyType.ECDSAP256), Intents.tls(tls))) {
      assertThat(suites(gate, TlsProbe.TLS_1_2, TLS_1_2_SUITES)).containsExactly(ECDSA_AES_256);
      assertThat(status(caller(gate, KeyType.RSA3072), "TLSv1.2")).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @EnumSource(names = "ED25519", mode = EnumSource.Mode.EXCLUDE)
  void fips140ServesItsAlgorithmsAndNoOthers(KeyType type) throws IOException {
    try (var gate = gate(fips(type))) {
      assertThat(groups(gate)).containsExactlyInAnyOrder(P_256, P_384);
      assertThat(suites(gate, TlsProbe.TLS_1_3, TLS_1_3_SUITES))
          .containsExactlyInAnyOrder(AES_128, AES_256);
      assertThat(suites(gate, TlsProbe.TLS_1_2, TLS_1_2_SUITES))
          .isSubsetOf(ECDSA_AES_128, ECDSA_AES_256, RSA_AES_128, RSA_AES_256)
          .hasSize(2);
      assertThat(suites(gate, TlsProbe.TLS_1_1, TLS_1_2_SUITES)).isEmpty();
      for (var other : KeyType.values()) {
        var caller = caller(gate, other);
        if (other == KeyType.ED25519) {
          assertThatThrownBy(() -> status(caller, "TLSv1.3")).isInstanceOf(IOException.class);
          assertThatThrownBy(() -> status(caller, "TLSv1.2")).isInstanceOf(IOException.class);
        } else {
          assertThat(status(caller, "TLSv1.3")).as("%s calls %s", other, type).isEqualTo(200);
          assertThat(status(caller, "TLSv1.2")).as("%s calls %s", other, type).isEqualTo(200);
        }
      }
    }
  }

  @Test
  void http2IsServedByAlpn() throws Exception {
    try (var gate = Gate.open(Intents.NONE);
        var client =
            HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_2)
                .sslContext(gate.as(Intents.EDGE).context())
                .build()) {
      var target = URI.create("https://localhost:" + gate.port() + FILE);

      var answer = client.send(HttpRequest.newBuilder(target).build(), BodyHandlers.ofString());

      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("x-frame-options")).contains("DENY");
    }
  }
}
