package dev.portcullis.operator.inject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portcullis.operator.envoytest.TlsProbe;
import dev.portcullis.operator.envoytest.TlsProbe.Offer;
import dev.portcullis.operator.identity.OperatorOnLoopback;
import io.fabric8.zjsonpatch.JsonPatch;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookServerTest {

  private static final int OK = 200;
  private static final int BAD_REQUEST = 400;
  private static final int TOO_LARGE = 413;

  private final Instant now = Clock.systemUTC().instant().truncatedTo(ChronoUnit.SECONDS);
  private final OperatorOnLoopback operator = new OperatorOnLoopback(now);
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final WebhookServer server =
      new WebhookServer(0, operator.keys(), Templates.injector(Templates.REDIRECT), registry);
  private HttpClient client;

  @BeforeEach
  void start() {
    server.start();
    client = HttpClient.newBuilder().sslContext(operator.client()).build();
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  @Test
  void answersWithThePatchThatInjects() throws Exception {
    // When
    var response = post(BodyPublishers.ofString(Reviews.of(Reviews.ORDERS)));
    // Then
    var review = Reviews.read(response.body());
    assertThat(review.getApiVersion()).isEqualTo("admission.k8s.io/v1");
    assertThat(review.getResponse().getUid()).isEqualTo("8d1b5e0e-1");
    assertThat(review.getResponse().getAllowed()).isTrue();
    assertThat(review.getResponse().getPatchType()).isEqualTo("JSONPatch");
    var expected =
        (InjectionDecision.Inject)
            Templates.injector(Templates.REDIRECT).decide("shop", Reviews.pod(Reviews.ORDERS));
    assertThat(Reviews.pod(patched(review.getResponse().getPatch()))).isEqualTo(expected.pod());
  }

  @Test
  void thePatchLeavesAloneWhatItNeedNotChange() throws Exception {
    // When
    var response = post(BodyPublishers.ofString(Reviews.of(Reviews.ORDERS)));
    // Then
    var container =
        new ObjectMapper()
            .readTree(patched(Reviews.read(response.body()).getResponse().getPatch()))
            .at("/spec/containers/0");
    assertThat(container.at("/env").isArray()).isTrue();
    assertThat(container.get("ports").isNull()).isTrue();
    assertThat(container.at("/resources/requests/cpu").asText()).isEqualTo("0.50");
  }

  @Test
  void refusesWithTheSentenceForThePodsOwner() throws Exception {
    // Given
    var pod = Reviews.ORDERS.replace("\"spec\": {", "\"spec\": {\"hostNetwork\": true, ");
    // When
    var answer = Reviews.read(post(BodyPublishers.ofString(Reviews.of(pod))).body()).getResponse();
    // Then
    assertThat(answer.getAllowed()).isFalse();
    assertThat(answer.getStatus().getCode()).isEqualTo(403);
    assertThat(answer.getStatus().getMessage()).contains("remove hostNetwork");
    assertThat(answer.getPatch()).isNull();
    assertThat(count("refused")).isOne();
  }

  @Test
  void letsAPodInUnchangedThatNoPolicySelects() throws Exception {
    // Given
    var pod = Reviews.ORDERS.replace("\"app\": \"orders\"", "\"app\": \"search\"");
    // When
    var answer = Reviews.read(post(BodyPublishers.ofString(Reviews.of(pod))).body()).getResponse();
    // Then
    assertThat(answer.getAllowed()).isTrue();
    assertThat(decoded(answer.getPatch())).isEqualTo("[]");
    assertThat(count("skipped")).isOne();
  }

  @Test
  void letsNothingInBeforeThePoliciesAreKnown() throws Exception {
    // Given
    var starting =
        new Plans() {
          @Override
          public boolean isComplete() {
            return false;
          }

          @Override
          public Optional<String> illegibleIn(String namespace) {
            return Optional.empty();
          }

          @Override
          public Optional<InjectionPlan> planFor(String namespace, Map<String, String> labels) {
            return Optional.empty();
          }
        };
    try (var early =
        new WebhookServer(
            0, operator.keys(), new Injector(starting, Templates.TEMPLATE), registry)) {
      early.start();
      // When
      var answer =
          Reviews.read(
                  send(early, "/inject", BodyPublishers.ofString(Reviews.of(Reviews.ORDERS)))
                      .body())
              .getResponse();
      // Then
      assertThat(answer.getAllowed()).isFalse();
      assertThat(answer.getStatus().getCode()).isEqualTo(503);
      assertThat(count("postponed")).isOne();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{}",
        "{\"apiVersion\": \"admission.k8s.io/v1\", \"kind\": \"AdmissionReview\"}",
        "{\"apiVersion\": \"admission.k8s.io/v1beta1\", \"kind\": \"AdmissionReview\"}",
        "apiVersion: admission.k8s.io/v1\nkind: AdmissionReview\n",
        "\u0000\u0001\u0002",
        "{\"apiVersion\": \"admission.k8s.io/v1\", \"kind\": \"AdmissionReview\"} {}",
        "{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"spec\": {}}",
      })
  void refusesWhatIsNoReview(String body) throws Exception {
    assertThat(post(BodyPublishers.ofString(body)).statusCode()).isEqualTo(BAD_REQUEST);
    assertThat(count("malformed")).isOne();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          CREATE  | null
          CREATE  | {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": []}}
          CREATE  | {"apiVersion": "v1", "kind": "Pod", "metadata": {}}
          CREATE  | {"apiVersion": "v1", "kind": "Secret", "metadata": {}}
          CREATE  | {"apiVersion": "v1", "kind": "Pod", "metadata": {}, "spec": {"containers": [null]}}
          CREATE  | {"apiVersion": "v1", "kind": "Pod", "metadata": {}, "spec": {"containers": 7}}
          CREATE  | {"kind": "Pod"}
          CREATE  | "text"
          DELETE  | {"apiVersion": "v1", "kind": "Pod", "metadata": {}, "spec": {}}
          UPDATE  | {"apiVersion": "v1", "kind": "Pod", "metadata": {}, "spec": {}}
          EXECUTE | {"apiVersion": "v1", "kind": "Pod", "metadata": {}, "spec": {}}
          """)
  void refusesWhatIsNotTheCreationOfAPod(String operation, String object) throws Exception {
    assertThat(post(BodyPublishers.ofString(Reviews.of(operation, object))).statusCode())
        .isEqualTo(BAD_REQUEST);
  }

  @Test
  void survivesJsonOfAnyDepth() throws Exception {
    var deep = "[".repeat(500_000);
    var deepObject = "{\"a\":".repeat(200_000);
    assertThat(post(BodyPublishers.ofString(deep)).statusCode()).isEqualTo(BAD_REQUEST);
    assertThat(post(BodyPublishers.ofString(Reviews.of(deepObject))).statusCode())
        .isEqualTo(BAD_REQUEST);
    assertStillInjects();
  }

  @Test
  void readsNoMoreThanThreeMebibytes() throws Exception {
    // Given
    var largest = new byte[AdmissionCall.LARGEST_BODY];
    var tooLarge = new byte[AdmissionCall.LARGEST_BODY + 1];
    // Then
    assertThat(post(BodyPublishers.ofByteArray(largest)).statusCode()).isEqualTo(BAD_REQUEST);
    assertRefusedUnread(BodyPublishers.ofByteArray(tooLarge));
    assertRefusedUnread(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(tooLarge)));
    assertStillInjects();
  }

  @Test
  void survivesReviewsWithDamage() throws Exception {
    // Given
    var review = Reviews.of(Reviews.ORDERS).getBytes(StandardCharsets.UTF_8);
    var random = new Random(20261122);
    for (var round = 0; round < 500; round++) {
      var damaged = damage(review, random);
      // When
      var status = post(BodyPublishers.ofByteArray(damaged)).statusCode();
      // Then
      assertThat(status).as(new String(damaged, StandardCharsets.UTF_8)).isIn(OK, BAD_REQUEST);
    }
    assertStillInjects();
  }

  @Test
  void servesOnePathToOneMethod() throws Exception {
    assertThat(send(server, "/", BodyPublishers.noBody()).statusCode()).isEqualTo(404);
    assertThat(send(server, "/inject/..", BodyPublishers.noBody()).statusCode()).isEqualTo(404);
    assertThat(
            client
                .send(
                    HttpRequest.newBuilder(uri(server, "/inject")).GET().build(),
                    BodyHandlers.ofString())
                .statusCode())
        .isEqualTo(405);
  }

  @Test
  void speaksNothingOlderThanTls13() {
    // Given
    var parameters = new SSLParameters();
    parameters.setProtocols(new String[] {"TLSv1.2"});
    try (var old =
        HttpClient.newBuilder().sslContext(operator.client()).sslParameters(parameters).build()) {
      // Then
      var request = HttpRequest.newBuilder(uri(server, "/inject")).GET().build();
      assertThatThrownBy(() -> old.send(request, BodyHandlers.ofString()))
          .isInstanceOf(SSLException.class);
    }
  }

  @Test
  void exchangesKeysOnEllipticCurvesAlone() {
    // Given
    var everyGroup =
        new Offer(TlsProbe.TLS_1_3, List.of(0x1301), List.of(256, 260, 25, 24, 23, 29));
    // When
    var taken = new TlsProbe(server.port().orElseThrow()).groups(everyGroup);
    // Then
    assertThat(taken).containsExactlyInAnyOrder(29, 23, 24);
  }

  @Test
  void servesANewCertificateToTheNextHandshake() throws Exception {
    // Given
    var first = served();
    // When: it begins in the future, so that a client whose clock is right refuses it
    operator.renew(now);
    // Then
    assertThat(first).isNotNull();
    assertThatThrownBy(this::served).hasStackTraceContaining("NotBefore");
  }

  private X509Certificate served() throws IOException, InterruptedException {
    try (var fresh = HttpClient.newBuilder().sslContext(operator.client()).build()) {
      var request = HttpRequest.newBuilder(uri(server, "/inject")).GET().build();
      var session = fresh.send(request, BodyHandlers.ofString()).sslSession().orElseThrow();
      return (X509Certificate) session.getPeerCertificates()[0];
    }
  }

  private void assertStillInjects() throws IOException, InterruptedException {
    var response = post(BodyPublishers.ofString(Reviews.of(Reviews.ORDERS)));
    assertThat(Reviews.read(response.body()).getResponse().getAllowed()).isTrue();
  }

  private void assertRefusedUnread(BodyPublisher body) throws InterruptedException {
    try {
      assertThat(post(body).statusCode()).isEqualTo(TOO_LARGE);
    } catch (IOException cut) {
      // The answer overtook the rest of the request, which the client then could not send.
      assertThat(cut).isNotInstanceOf(SSLException.class);
    }
    assertThat(registry.get("portcullis.injection").timer().count()).isOne();
  }

  private HttpResponse<String> post(BodyPublisher body) throws IOException, InterruptedException {
    return send(server, "/inject", body);
  }

  private HttpResponse<String> send(WebhookServer to, String path, BodyPublisher body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(uri(to, path))
            .header("content-type", "application/json")
            .POST(body)
            .build();
    return client.send(request, BodyHandlers.ofString());
  }

  private static URI uri(WebhookServer server, String path) {
    return URI.create("https://localhost:" + server.port().orElseThrow() + path);
  }

  private double count(String outcome) {
    return registry.get("portcullis.injections").tag("outcome", outcome).counter().count();
  }

  private static String patched(String patch) throws JsonProcessingException {
    var mapper = new ObjectMapper();
    return JsonPatch.apply(mapper.readTree(decoded(patch)), mapper.readTree(Reviews.ORDERS))
        .toString();
  }

  private static String decoded(String patch) {
    return new String(Base64.getDecoder().decode(patch), StandardCharsets.UTF_8);
  }

  /** Flips, drops, doubles or cuts at a few random places. */
  private static byte[] damage(byte[] review, Random random) {
    List<BiConsumer<StringBuilder, Integer>> ways =
        List.of(
            (text, at) -> text.setCharAt(at, (char) (' ' + random.nextInt(95))),
            StringBuilder::deleteCharAt,
            (text, at) -> text.insert(at, text.substring(at, Math.min(text.length(), at + 40))),
            (text, at) -> text.insert(at, "null"),
            StringBuilder::setLength);
    var text = new StringBuilder(new String(review, StandardCharsets.UTF_8));
    for (var i = random.nextInt(4); i >= 0 && !text.isEmpty(); i--) {
      ways.get(random.nextInt(ways.size())).accept(text, random.nextInt(text.length()));
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
