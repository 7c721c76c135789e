package dev.portcullis.operator.watch.jwks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.apiserver.ApiServer;
import dev.portcullis.operator.envoytest.TestIssuer;
import dev.portcullis.operator.envoytest.TestPki;
import dev.portcullis.operator.intent.KeySource;
import dev.portcullis.operator.intent.KeySource.Authority;
import dev.portcullis.operator.watch.jwks.FetchOutcome.Failed;
import dev.portcullis.operator.watch.jwks.FetchOutcome.Fetched;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a tenant's URL makes the operator do, and what an issuer can do to it. Every name leads to
 * this machine's loopback, which the installation of most tests allows.
 */
class KeySetFetcherIT {

  private static final String HOST = "login.example.com";
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final Duration PATIENT = Duration.ofSeconds(60);
  private static final Duration IMPATIENT = Duration.ofMillis(500);
  private static final TestIssuer CORP = TestIssuer.create("corp", "one");
  private static final TestPki PKI = TestPki.create();

  private static KubernetesClient admin;
  private static String namespace;

  private final AtomicInteger lookedUp = new AtomicInteger();
  private PublishingIssuer issuer;

  @BeforeAll
  static void start() {
    admin = ApiServer.admin();
    namespace = ApiServer.namespace(admin, "shop").getMetadata().getName();
    keep("login-ca", PKI.trustBundle());
    keep("other-ca", TestPki.create().trustBundle());
    keep("no-ca", "x");
  }

  @AfterAll
  static void stop() {
    admin.close();
  }

  @BeforeEach
  void open() {
    issuer = PublishingIssuer.start(PKI, HOST);
    issuer.publishes(CORP);
  }

  @AfterEach
  void close() {
    issuer.close();
  }

  private static void keep(String name, String authorities) {
    admin
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .endMetadata()
                .addToStringData("ca.crt", authorities)
                .build())
        .create();
  }

  private KeySource at(int port, String secret) {
    return new KeySource(
        "https://%s:%d%s".formatted(HOST, port, PublishingIssuer.PATH),
        Optional.of(new Authority(namespace, secret, "ca.crt")));
  }

  private KeySource source() {
    return at(issuer.port(), "login-ca");
  }

  private FetchOutcome fetch(KeySource source) throws InterruptedException {
    return fetch(source, PATIENT, List.of("127.0.0.0/8"), LOOPBACK);
  }

  private FetchOutcome fetch(
      KeySource source, Duration patience, List<String> networks, InetAddress... addresses)
      throws InterruptedException {
    var limits =
        new KeySetFetcher.Limits(
            AllowedHosts.parse(List.of("*:" + source.port())),
            AllowedAddresses.with(networks),
            patience);
    try (var fetcher =
        new KeySetFetcher(admin, limits, InstantSource.system(), host -> answer(host, addresses))) {
      return fetcher.fetch(source);
    }
  }

  private InetAddress[] answer(String host, InetAddress... addresses) throws UnknownHostException {
    lookedUp.incrementAndGet();
    if (addresses.length == 0) {
      throw new UnknownHostException(host);
    }
    return addresses;
  }

  private static void failed(FetchOutcome outcome, String reason, String... parts) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Failed.class,
            failure -> {
              assertThat(failure.reason()).as(failure.message()).isEqualTo(reason);
              assertThat(failure.message()).contains(parts).hasSizeLessThanOrEqualTo(240);
            });
  }

  @Test
  void keysAreTakenFromTheHostThatTheUrlNames() throws InterruptedException {
    assertThat(fetch(source())).isEqualTo(new Fetched(List.of(CORP.key()), 0));
    assertThat(issuer.lastHost()).isEqualTo(HOST + ":" + issuer.port());
    assertThat(issuer.asked()).isEqualTo(1);
  }

  @Test
  void theNextAddressIsTriedWhereNobodyListens() throws InterruptedException {
    var outcome =
        fetch(
            source(),
            PATIENT,
            List.of("127.0.0.0/8"),
            InetAddress.ofLiteral("127.0.0.2"),
            LOOPBACK);

    assertThat(outcome).isInstanceOf(Fetched.class);
  }

  @Test
  void privateAddressesAreNotAskedUnlessTheInstallationSaysSo() throws InterruptedException {
    failed(fetch(source(), PATIENT, List.of(), LOOPBACK), "AddressNotAllowed", HOST);
    failed(fetch(source(), PATIENT, List.of("10.0.0.0/8"), LOOPBACK), "AddressNotAllowed", HOST);
    assertThat(issuer.asked()).isZero();
  }

  /** One public address beside the private one is the usual disguise. */
  @Test
  void oneForbiddenAddressAmongOthersIsEnough() throws InterruptedException {
    failed(
        fetch(
            source(),
            PATIENT,
            List.of("127.0.0.0/8"),
            LOOPBACK,
            InetAddress.ofLiteral("169.254.169.254")),
        "AddressNotAllowed",
        HOST);
    assertThat(issuer.asked()).isZero();
  }

  /** A name that changes its address between the check and the connection. */
  @Test
  void aNameIsLookedUpOnceAndItsAddressKept() throws InterruptedException {
    // Given
    var limits =
        new KeySetFetcher.Limits(
            AllowedHosts.parse(List.of("*:" + issuer.port())),
            AllowedAddresses.with(List.of("127.0.0.1/32")),
            PATIENT);
    // Then the second answer would be another machine
    try (var fetcher =
        new KeySetFetcher(
            admin,
            limits,
            InstantSource.system(),
            _ ->
                new InetAddress[] {
                  lookedUp.incrementAndGet() == 1 ? LOOPBACK : InetAddress.ofLiteral("127.0.0.2")
                })) {
      // When, Then
      assertThat(fetcher.fetch(source())).isInstanceOf(Fetched.class);
      assertThat(lookedUp).hasValue(1);
      failed(fetcher.fetch(source()), "AddressNotAllowed", HOST);
    }
  }

  @Test
  void aHostThatIsNotAllowedIsNotEvenLookedUp() throws InterruptedException {
    var limits =
        new KeySetFetcher.Limits(
            AllowedHosts.parse(List.of("other.example.com:" + issuer.port())),
            AllowedAddresses.with(List.of("127.0.0.0/8")),
            PATIENT);
    try (var fetcher =
        new KeySetFetcher(admin, limits, InstantSource.system(), host -> answer(host, LOOPBACK))) {
      failed(fetcher.fetch(source()), "HostNotAllowed", HOST);
    }
    assertThat(lookedUp).hasValue(0);
    assertThat(issuer.asked()).isZero();
  }

  @Test
  void aHostMustProveItsName() throws InterruptedException {
    try (var other = PublishingIssuer.start(PKI, "other.example.com")) {
      other.publishes(CORP);

      failed(fetch(at(other.port(), "login-ca")), "TlsFailed", "It is not proved to be " + HOST);
      assertThat(other.asked()).isZero();
    }
  }

  @Test
  void onlyTheNamedAuthorityVouchesForIt() throws InterruptedException {
    failed(fetch(at(issuer.port(), "other-ca")), "TlsFailed", HOST);
    failed(fetch(new KeySource(source().url(), Optional.empty())), "TlsFailed", HOST);
    assertThat(issuer.asked()).isZero();
  }

  @Test
  void anExpiredCertificateIsNone() throws InterruptedException {
    var now = Instant.now();
    var shape = PublishingIssuer.shape(HOST).valid(now.minusSeconds(7200), now.minusSeconds(3600));
    try (var expired = PublishingIssuer.start(PKI.issue(shape), 0)) {
      failed(fetch(at(expired.port(), "login-ca")), "TlsFailed", HOST);
    }
  }

  @Test
  void withoutItsAuthorityNobodyIsAsked() throws InterruptedException {
    failed(fetch(at(issuer.port(), "absent")), "CaMissing", namespace + "/absent is not there.");
    failed(
        fetch(at(issuer.port(), "no-ca")), "CaInvalid", "caSecretRef holds no certificate in PEM.");
    failed(
        fetch(
            new KeySource(
                source().url(), Optional.of(new Authority(namespace, "login-ca", "tls.crt")))),
        "CaMissing",
        "has nothing under tls.crt.");
    assertThat(issuer.asked()).isZero();
  }

  @Test
  void aRedirectIsNotFollowed() throws InterruptedException {
    for (var target :
        List.of(
            "https://169.254.169.254/latest/meta-data",
            "http://127.0.0.1:%d/".formatted(issuer.port()),
            source().url())) {
      issuer.answers(
          exchange -> {
            exchange.getResponseHeaders().set("Location", target);
            PublishingIssuer.send(exchange, 302, "");
          });
      var before = issuer.asked();

      failed(fetch(source()), "AnswerInvalid", "redirect (302), which is not followed");

      assertThat(issuer.asked()).isEqualTo(before + 1);
    }
  }

  @Test
  void anyOtherStatusIsNoAnswer() throws InterruptedException {
    for (var status : List.of(201, 204, 404, 503)) {
      issuer.answers(exchange -> PublishingIssuer.send(exchange, status, ""));

      failed(fetch(source()), "AnswerInvalid", "status " + status);
    }
  }

  @Test
  void aHugeAnswerIsCutOff() throws InterruptedException {
    var part = "a".repeat(64 * 1024).getBytes(StandardCharsets.US_ASCII);
    issuer.answers(
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          for (var sent = 0; sent < 100_000; sent++) {
            exchange.getResponseBody().write(part);
          }
        });

    failed(fetch(source()), "AnswerInvalid", "longer than 256 KiB");
  }

  @Test
  void anAnswerThatDripsIsGivenUp() throws InterruptedException {
    issuer.answers(
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          while (!Thread.currentThread().isInterrupted()) {
            exchange.getResponseBody().write(' ');
            exchange.getResponseBody().flush();
            LockSupport.parkNanos(20_000_000);
          }
        });

    failed(fetch(source(), IMPATIENT, List.of("127.0.0.0/8"), LOOPBACK), "TooSlow", "500 ms");
  }

  @Test
  void aServerThatSaysNothingIsGivenUp() throws IOException, InterruptedException {
    try (var silent = new ServerSocket(0, 50, LOOPBACK)) {
      assertThat(
              fetch(
                  at(silent.getLocalPort(), "login-ca"),
                  IMPATIENT,
                  List.of("127.0.0.0/8"),
                  LOOPBACK))
          .isInstanceOf(Failed.class);
    }
  }

  @Test
  void anAnswerThatBreaksOffIsNone() throws InterruptedException {
    var whole = KeySetDocument.write(List.of(CORP.key()));
    issuer.answers(
        exchange -> {
          exchange.sendResponseHeaders(200, whole.length() + 1);
          exchange.getResponseBody().write(whole.getBytes(StandardCharsets.UTF_8));
          throw new IOException("breaks off");
        });

    failed(fetch(source()), "AnswerInvalid", "no whole HTTP answer");
  }

  @Test
  void whatIsNoKeySetIsRefusedAndNotRepeated() throws InterruptedException {
    var oct = "{\"keys\":[{\"kty\":\"oct\",\"k\":\"c2VjcmV0\"}]}";
    var many =
        Stream.generate(() -> "{\"kty\":\"EC\"}")
            .limit(10_000)
            .collect(Collectors.joining(",", "{\"keys\":[", "]}"));
    for (var body : List.of("<html>secret</html>", "\u0000garbage", oct, many, "{\"keys\":[]}")) {
      issuer.answersWith(body);

      var outcome = fetch(source());

      failed(outcome, "KeysInvalid", "Its answer ");
      assertThat(((Failed) outcome).message()).doesNotContain("secret", "garbage", "c2VjcmV0");
    }
  }

  @Test
  void nobodyThereIsTold() throws InterruptedException {
    var gone = at(issuer.port(), "login-ca");
    issuer.close();

    failed(fetch(gone), "NotReachable", "No connection to 127.0.0.1, port " + gone.port());
    failed(fetch(gone, PATIENT, List.of()), "HostUnknown", HOST + " has no address.");
  }
}
