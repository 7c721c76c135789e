package dev.portcullis.operator.xds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portcullis.bootstrap.render.FileSecrets;
import dev.portcullis.operator.envoy.EnvoyResources;
import dev.portcullis.operator.envoy.EnvoyTranslator;
import dev.portcullis.operator.envoy.LineBucket;
import dev.portcullis.operator.envoytest.EchoBackend;
import dev.portcullis.operator.envoytest.FreePort;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.envoytest.MtlsClient;
import dev.portcullis.operator.envoytest.TestPki;
import dev.portcullis.operator.intent.Epoch;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whoever reaches the port makes few lines, whatever he does there: the buckets that bound them
 * come from a real operator to a real sidecar.
 */
class BoundedLinesIT {

  private static final int FLOOD = 6_000;
  private static final int UNANSWERED = 400;
  private static final int FLOODERS = 6;
  private static final int LINES = LineBucket.CONNECTIONS.bucket().getMaxTokens();
  private static final String POD = "orders-1";

  @TempDir Path directory;

  private final Operator.Cluster cluster = new Operator.Cluster();
  private final TestPki pki = TestPki.create();
  private final TestPki foreign = TestPki.create();
  private final int port = FreePort.next();
  private final List<AutoCloseable> open = new ArrayList<>();
  private EchoBackend application;
  private Operator operator;
  private Sidecars sidecars;
  private Sidecars.Pod pod;
  private RunningEnvoy envoy;

  @BeforeEach
  void aGateBeforeAnApplication() throws Exception {
    application = started(EchoBackend.start());
    operator = started(Operator.start(cluster, 0, Duration.ZERO));
    sidecars = started(new Sidecars(directory, cluster));
    cluster.groups.put(POD, new GroupKey("orders"));
    pod = sidecars.pod(POD);
    var roots = cluster.authority.rootInPem() + pki.trustBundle();
    Files.writeString(pod.layout().trustBundle(), roots);
    Files.writeString(pod.layout().credentialBundle(), pki.issue(Intents.BACKEND).bundle());
    Files.write(pod.layout().identitySds(), FileSecrets.identity(pod.layout()).toByteArray());
    publish(operator, 1);
    envoy = sidecars.start(pod, operator);
    awaitServed();
  }

  @AfterEach
  void stopAll() throws Exception {
    for (var each : open.reversed()) {
      each.close();
    }
  }

  private <T extends AutoCloseable> T started(T closeable) {
    open.add(closeable);
    return closeable;
  }

  private static ConditionFactory soon() {
    return await().atMost(Duration.ofSeconds(60));
  }

  private EnvoyResources publish(Operator by, long epoch) throws Exception {
    var intent = Intents.sample(application.port(), port, Intents.NONE);
    var files = new MovedFiles(pod.layout().configDir());
    var resources = files.in(new EnvoyTranslator().translate(intent, new Epoch(epoch, 0)));
    by.publish("orders", resources);
    return resources;
  }

  private MtlsClient edge() {
    return MtlsClient.to(port, pki.issue(Intents.EDGE));
  }

  private void awaitServed() {
    soon()
        .ignoreExceptionsInstanceOf(IOException.class)
        .untilAsserted(() -> assertThat(edge().get("/files/a").status()).isEqualTo(200));
  }

  @Test
  void aFloodOfFailedHandshakesIsFewLinesAndAllCounted() throws Exception {
    // Given
    var begin = System.nanoTime();
    // When
    try (var neighbour = edge().connect();
        var threads = Executors.newFixedThreadPool(FLOODERS)) {
      var flood = flood(threads::submit);
      while (!flood.stream().allMatch(Future::isDone)) {
        assertThat(neighbour.get("/files/a").status()).isEqualTo(200);
      }
      for (var each : flood) {
        each.get();
      }
    }
    // Then
    soon().untilAsserted(() -> assertThat(handshakesCounted()).isEqualTo(FLOOD));
    assertAreFewOf(FLOOD, "\"denial\":\"handshake-", begin);
    assertNothingIsWrong();
  }

  @Test
  void requestsThatEndUnansweredAreFewLinesToo() throws Exception {
    // Given
    var begin = System.nanoTime();
    // When
    for (var sent = 0; sent < UNANSWERED; sent++) {
      try (var caller = edge().connect()) {
        caller.begin("GET /files/a HTTP/1.1\r\nHost: orders\r\nContent-Length: 10\r\n\r\n");
      }
    }
    // Then
    assertAreFewOf(UNANSWERED, "\"flags\":\"DC\"", begin);
    assertThat(envoy.stat("http.inbound.downstream_cx_destroy_remote_active_rq"))
        .isEqualTo(UNANSWERED);
    assertNothingIsWrong();
  }

  @Test
  void neitherAnEditNorAnotherOperatorNorAnotherProxyWaitsForABucket() throws Exception {
    // When the listener is edited under a flood
    try (var threads = Executors.newFixedThreadPool(FLOODERS)) {
      var flood = flood(threads::submit);
      for (var epoch = 2; epoch < 6; epoch++) {
        awaitTaken(operator, publish(operator, epoch));
      }
      for (var each : flood) {
        each.get();
      }
    }
    // Then
    awaitServed();
    // When another operator takes over, and edits
    var place = operator.server.port();
    operator.close();
    operator = started(Operator.start(cluster, place, Duration.ZERO));
    awaitTaken(operator, publish(operator, 6));
    // Then the bucket was not told again
    awaitServed();
    assertThat(envoy.stat("local_ratelimit_discovery.update_success")).isEqualTo(2);
    assertNothingIsWrong();
    // When the proxy is another
    envoy.close();
    envoy = sidecars.start(pod, operator);
    // Then
    awaitServed();
    assertNothingIsWrong();
  }

  private void awaitTaken(Operator by, EnvoyResources resources) {
    var taken = new Delivery.Acknowledged(resources.version());
    soon().untilAsserted(() -> assertThat(by.delivery(pod.peer().uid())).isEqualTo(taken));
  }

  /** Plain text, no certificate, and one of a stranger's authority: a third each. */
  private List<Future<Void>> flood(Submission by) {
    var stranger = foreign.issue(Intents.EDGE);
    List<Callable<Void>> kinds =
        List.of(
            this::speakPlainly,
            () -> fail(MtlsClient.withoutCertificate(port)),
            () -> fail(MtlsClient.to(port, stranger)));
    return IntStream.range(0, FLOOD)
        .mapToObj(each -> by.submit(kinds.get(each % kinds.size())))
        .toList();
  }

  private interface Submission {
    Future<Void> submit(Callable<Void> work);
  }

  private Void speakPlainly() throws IOException {
    try (var socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      endOf(socket);
    }
    return null;
  }

  private static void endOf(Socket socket) {
    try {
      socket.getInputStream().readAllBytes();
    } catch (IOException expected) {
      // The gate resets what it does not understand.
    }
  }

  private static Void fail(MtlsClient stranger) {
    try {
      assertThat(stranger.get("/files/a").status()).as("of a stranger").isEqualTo(0);
    } catch (IOException expected) {
      // Under TLS 1.3 the refusal comes with the first read.
    }
    return null;
  }

  /** What is not a line that its bound allows in the time is counted as left out. */
  private void assertAreFewOf(int all, String part, long begin) {
    var seconds = Duration.ofNanos(System.nanoTime() - begin).toSeconds() + 2;
    soon()
        .untilAsserted(
            () -> {
              var lines = envoy.accessLog().stream().filter(line -> line.contains(part)).count();
              assertThat(envoy.stat("access_log.process_ratelimit.allowed")).isEqualTo(lines);
              assertThat(envoy.stat("access_log.process_ratelimit.denied")).isEqualTo(all - lines);
              assertThat(lines).isBetween((long) LINES, LINES * seconds);
            });
  }

  private long handshakesCounted() throws IOException {
    return envoy
        .get("/stats/prometheus")
        .lines()
        .filter(line -> line.startsWith("envoy_portcullis_denials{denial=\"handshake-"))
        .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private void assertNothingIsWrong() {
    assertThat(envoy.isAlive()).isTrue();
    assertThat(envoy.stat("server.envoy_bug_failures")).isZero();
    assertThat(envoy.stat("local_ratelimit_discovery.update_rejected")).isZero();
    assertThat(envoy.stat("listener_manager.total_listeners_warming")).isZero();
  }
}
