package dev.portcullis.operator.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our certificates in the hands of programs that are not ours: Envoy and OpenSSL. */
class LeavesOfOthersIT {

  private static final byte[] REQUEST = "GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(US_ASCII);
  private static final int STATUS_LINE = "HTTP/1.1 200 OK".length();
  private static final char[] PASSWORD = "test".toCharArray();

  @TempDir private Path directory;

  private final Instant now = Instant.now();
  private final CryptoProvider crypto = CryptoProvider.fastest();
  private final CaMaterial material = new CaMint(Authorities.DOMAIN, crypto).newAuthority(now);
  private final CertificateAuthority authority = Authorities.authority(material, crypto);
  private EnvoyListener envoy;

  @BeforeEach
  void startEnvoy() throws IOException {
    var keys = Requests.key("ECDSAP256");
    var chain = issued(keys);
    envoy =
        new EnvoyListener(
            directory,
            Pem.privateKey(keys.getPrivate().getEncoded()) + chain,
            authority.trustBundle().pem());
  }

  @AfterEach
  void stopEnvoy() {
    envoy.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ECDSAP256", "ECDSAP384", "RSA3072", "RSA4096", "ED25519"})
  void envoyTakesEveryKeyTypeThatWeCertify(String keyType) throws Exception {
    var keys = Requests.key(keyType);

    assertThat(statusFor(keys, issued(keys))).isEqualTo("HTTP/1.1 200 OK");
  }

  /** To Envoy, a leaf of minutes ahead is what one of now is to an Envoy that is behind. */
  @ParameterizedTest
  @ValueSource(ints = {-1_800, -300, 0, 60, 280})
  void envoyTakesAFreshLeafThoughItsClockAndOursDiffer(int secondsAhead) throws Exception {
    var keys = Requests.key("ECDSAP256");

    assertThat(statusFor(keys, issued(keys, now.plusSeconds(secondsAhead))))
        .isEqualTo("HTTP/1.1 200 OK");
  }

  @ParameterizedTest
  @ValueSource(ints = {-3_500, 600})
  void envoyRefusesWhatItsClockFindsTooOldOrTooYoung(int secondsAhead) {
    var keys = Requests.key("ECDSAP256");
    var leaf = issued(keys, now.plusSeconds(secondsAhead));

    assertThatThrownBy(() -> statusFor(keys, leaf)).isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ECDSAP521"})
  void envoyRefusesTheKeyTypesThatWeDeny(String keyType) {
    var keys = Requests.key(keyType);
    var leaf = forced(keys, Authorities.ORDERS);

    assertThatThrownBy(() -> statusFor(keys, leaf)).isInstanceOf(IOException.class);
  }

  @Test
  void envoyHonoursTheNameConstraintOfTheIssuingCa() throws Exception {
    // Given two leaves that were signed alike, past all checks of ours
    var keys = Requests.key("ECDSAP256");
    var ours = forced(keys, Authorities.ORDERS);
    var foreign = forced(keys, "spiffe://example.org/ns/shop/sa/orders");

    // Then only the one of the trust domain is taken
    assertThat(statusFor(keys, ours)).isEqualTo("HTTP/1.1 200 OK");
    assertThatThrownBy(() -> statusFor(keys, foreign)).isInstanceOf(IOException.class);
  }

  @Test
  void opensslFindsTheChainStrictlyValid() throws Exception {
    var chain = SecondOpinion.parse(issued(Requests.key("ECDSAP256")));

    assertThat(openssl(chain)).endsWith("leaf.pem: OK");
  }

  @Test
  void opensslHonoursTheNameConstraintToo() throws Exception {
    var chain =
        SecondOpinion.parse(
            forced(Requests.key("ECDSAP256"), "spiffe://example.org/ns/shop/sa/orders"));

    assertThat(openssl(chain)).contains("permitted subtree violation");
  }

  private String openssl(List<X509Certificate> chain) throws Exception {
    write("root.pem", authority.trustBundle());
    write("issuing.pem", new TrustBundle(chain.subList(1, 2)));
    write("leaf.pem", new TrustBundle(chain.subList(0, 1)));
    var process =
        new ProcessBuilder(
                "openssl",
                "verify",
                "-x509_strict",
                "-purpose",
                "sslserver",
                "-CAfile",
                "root.pem",
                "-untrusted",
                "issuing.pem",
                "leaf.pem")
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .start();
    var output = new String(process.getInputStream().readAllBytes(), US_ASCII);
    process.waitFor();
    return output.strip();
  }

  private void write(String name, TrustBundle certificates) throws IOException {
    Files.writeString(directory.resolve(name), certificates.pem());
  }

  private String issued(KeyPair keys) {
    return issued(keys, now);
  }

  private String issued(KeyPair keys, Instant moment) {
    var key = Authorities.acceptable(Requests.empty(keys));
    var order = new LeafOrder(key, Authorities.ORDERS, List.of(), Duration.ofHours(1), moment);
    return Authorities.issued(authority.issue(order)).chain();
  }

  /** Signed by the issuing key as if nobody had checked anything. */
  private String forced(KeyPair keys, String spiffeId) {
    var body =
        new Certifier.Body(
            new X500Name("O=Portcullis"),
            now.minusSeconds(60),
            now.plusSeconds(3600),
            SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded()),
            List.of(
                ExtensionOf.LEAF_CONSTRAINTS,
                ExtensionOf.LEAF_USAGE,
                ExtensionOf.LEAF_PURPOSES,
                ExtensionOf.names(spiffeId, List.of())));
    var leaf = CaMint.certifier(material.issuing(), crypto).certify(body);
    return Pem.certificate(leaf) + material.files().get(CaMaterial.ISSUING_CERTIFICATE);
  }

  private String statusFor(KeyPair keys, String chain)
      throws GeneralSecurityException, IOException {
    try (var socket =
        (SSLSocket)
            context(keys, chain)
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), envoy.port)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(REQUEST);
      return status(socket.getInputStream().readNBytes(STATUS_LINE));
    }
  }

  /** TLS 1.3 lets a refused client finish its handshake: the refusal is what it reads first. */
  private static String status(byte[] answer) throws IOException {
    if (answer.length < STATUS_LINE) {
      throw new IOException("refused");
    }
    return new String(answer, US_ASCII);
  }

  private SSLContext context(KeyPair keys, String chain)
      throws GeneralSecurityException, IOException {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    var certificates = SecondOpinion.parse(chain).toArray(X509Certificate[]::new);
    store.setKeyEntry("client", keys.getPrivate(), PASSWORD, certificates);
    var managers = KeyManagerFactory.getInstance("PKIX");
    managers.init(store, PASSWORD);
    var context = SSLContext.getInstance("TLSv1.3");
    var trust = new PeerTrust(authority.trustBundle(), Authorities.ORDERS);
    context.init(managers.getKeyManagers(), new TrustManager[] {trust}, null);
    return context;
  }
}
