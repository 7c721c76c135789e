package dev.portcullis.bootstrap.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.portcullis.bootstrap.contract.AppProbe;
import dev.portcullis.bootstrap.contract.AppProbes;
import dev.portcullis.bootstrap.contract.Metrics;
import dev.portcullis.bootstrap.contract.SidecarEnv;
import dev.portcullis.bootstrap.contract.SidecarPorts;
import dev.portcullis.bootstrap.render.Layout;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A whole pod's network on one machine: what the bootstrap prepared, the real nft, the real Envoy,
 * an application that listens on every address, and an operator. The life of one pod, in order.
 */
@TestMethodOrder(OrderAnnotation.class)
class PodIT {

  private static final String POD = PodNamespace.POD_ADDRESS;
  private static final int LISTENER = 8443;
  private static final TestPki PKI = TestPki.create();
  private static final List<AppProbe> PROBES =
      List.of(
          new AppProbe.HttpGet(AppProcess.HTTP, "/healthz?full=1"),
          new AppProbe.HttpGet(AppProcess.HTTP, "/moved"),
          new AppProbe.HttpGet(AppProcess.HTTP, "/broken"),
          new AppProbe.HttpsGet(AppProcess.HTTPS, "/"),
          new AppProbe.TcpSocket(AppProcess.TCP),
          new AppProbe.TcpSocket(AppProcess.TCP + 1),
          new AppProbe.Grpc(AppProcess.GRPC, ""),
          new AppProbe.Grpc(AppProcess.GRPC, "shop.Orders"),
          new AppProbe.Grpc(AppProcess.GRPC, "shop.Broken"));

  @TempDir(cleanup = org.junit.jupiter.api.io.CleanupMode.NEVER)
  static Path directory;

  private static PodNamespace pod;
  private static DiscoveryService operator;
  private static Layout layout;
  private static Process envoy;
  private static Process app;

  @BeforeAll
  static void aPodWhoseListenerIsNotTheRightOneYet() throws Exception {
    pod = PodNamespace.create();
    operator =
        new DiscoveryService(PodNamespace.HOST_ADDRESS, PKI.issue(DiscoveryService.IDENTITY));
    layout = PodFiles.in(directory);
    var identity = PKI.issue("spiffe://cluster.local/ns/shop/sa/orders");
    Files.writeString(layout.credentialBundle(), identity.keyPem() + identity.certificatePem());
    Files.writeString(layout.trustBundle(), PKI.rootPem());
    serveOn(LISTENER + 1);
    prepare();
    envoy =
        pod.start(
            directory.resolve("envoy.log"),
            List.of(
                EnvoyProgram.path().toString(),
                "-c",
                layout.envoyBootstrap().toString(),
                "--concurrency",
                "1"));
  }

  private static void serveOn(int port) {
    operator.serve(InboundListener.captured(layout, port), InboundListener.app(AppProcess.HTTP));
  }

  private static void prepare() throws Exception {
    var variables = new HashMap<>(PodFiles.ENVIRONMENT);
    variables.put(SidecarEnv.CAPTURE, "Redirect");
    variables.put(SidecarEnv.LISTENER_PORT, String.valueOf(LISTENER));
    variables.put(SidecarEnv.XDS_ADDRESS, PodNamespace.HOST_ADDRESS + ":" + operator.port());
    variables.put(SidecarEnv.METRICS, "Open");
    variables.put(SidecarEnv.APP_PROBES, AppProbes.format(PROBES));
    variables.put("PATH", pod.searchPathWithNft(directory.resolve("bin")).toString());
    new Prepare(variables, layout).run();
  }

  @AfterAll
  static void removeThePod() throws Exception {
    if (pod == null) {
      return;
    }
    for (var process : new Process[] {envoy, app}) {
      if (process != null) {
        process.destroyForcibly().waitFor();
      }
    }
    operator.close();
    pod.close();
  }

  @Test
  @Order(1)
  void isNotStartedWhileTheListenerDoesNotServeItsPort() {
    awaitProbe("/started", 503);
    assertThat(probe("/ready")).isEqualTo(503);
  }

  @Test
  @Order(2)
  void isStartedOnceTheListenerServesItsCertificate() {
    // When
    serveOn(LISTENER);

    // Then
    awaitProbe("/started", 200);
    assertThat(operator.authorization()).isEqualTo("Bearer header.payload.signature");
  }

  @Test
  @Order(3)
  void isReadyOnceTheApplicationIs() throws Exception {
    assertThat(probe("/ready")).isEqualTo(503);

    // When
    app =
        pod.start(
            directory.resolve("app.log"),
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                AppProcess.class.getName()));

    // Then
    awaitProbe("/ready", 200);
  }

  @ParameterizedTest
  @Order(4)
  @CsvSource({
    "/app/0, 200",
    "/app/1, 302",
    "/app/2, 500",
    "/app/3, 200",
    "/app/4, 200",
    "/app/5, 503",
    "/app/6, 200",
    "/app/7, 200",
    "/app/8, 503"
  })
  void tellsEachProbeOfTheApplication(String path, int status) {
    awaitProbe(path, status);
  }

  @Test
  @Order(4)
  void tellsOfTheApplicationNothingButTheStatus() throws IOException {
    var answer = Wire.get(POD, SidecarPorts.PROBE, "/app/0");

    assertThat(answer)
        .startsWith("HTTP/1.1 200")
        .doesNotContainIgnoringCase("x-powered-by", "location", "server:", "app /");
  }

  @ParameterizedTest
  @Order(4)
  @ValueSource(
      strings = {
        "/",
        "/started/",
        "/started?x",
        "/ready/..",
        "/app/",
        "/app/9",
        "/app/00",
        "/app/0/",
        "/app/0?full=0",
        "/app/0/../../admin",
        "/%61pp/0",
        "//app/0",
        "/healthz",
        "/APP/0",
        "/app/0%2f..%2fadmin",
        "/server_info",
        "/quitquitquit"
      })
  void knowsNoOtherPath(String path) {
    assertThat(probe(path)).isEqualTo(404);
  }

  @ParameterizedTest
  @Order(4)
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "CONNECT"})
  void knowsNoOtherMethod(String method) throws IOException {
    for (var path : List.of("/started", "/ready", "/app/0", "/app/4")) {
      try (var socket = Wire.connect(POD, SidecarPorts.PROBE)) {
        assertThat(Wire.exchange(socket, method, path)).as(path).doesNotStartWith("HTTP/1.1 200");
      }
    }
  }

  @Test
  @Order(5)
  void leadsTheDeclaredPortThroughEnvoy() throws Exception {
    var tls = Wire.tls(PKI, PKI.issue("spiffe://cluster.local/ns/edge/sa/edge"));

    try (var socket = tls.createSocket(POD, LISTENER)) {
      assertThat(Wire.exchange(socket, "GET", "/orders/1"))
          .startsWith("HTTP/1.1 200")
          .contains("app /orders/1");
    }
  }

  @Test
  @Order(5)
  void refusesAForeignCertificate() throws Exception {
    var foreign = TestPki.create();
    var tls = Wire.tls(PKI, foreign.issue("spiffe://cluster.local/ns/edge/sa/edge"));

    try (var socket = tls.createSocket(POD, LISTENER)) {
      assertThatThrownBy(() -> Wire.exchange(socket, "GET", "/orders/1"))
          .isInstanceOfAny(SSLException.class, IOException.class);
    }
  }

  @ParameterizedTest
  @Order(5)
  @ValueSource(ints = {AppProcess.HTTP, AppProcess.HTTPS, AppProcess.TCP, AppProcess.GRPC, 22})
  void leadsNoOtherPortToTheApplication(int port) {
    assertThat(Wire.status(POD, port, "/orders/1")).isZero();
  }

  @Test
  @Order(5)
  void refusesThePlaceWhereEnvoyTakesConnections() {
    assertThatThrownBy(() -> Wire.connect(POD, SidecarPorts.CAPTURE).close())
        .isInstanceOf(ConnectException.class);
  }

  @ParameterizedTest
  @Order(5)
  @ValueSource(ints = {AppProcess.HTTP, LISTENER, SidecarPorts.CAPTURE})
  void refusesAllOfIpv6ThatEnvoyDoesNotTake(int port) {
    assertThatThrownBy(() -> Wire.connect(PodNamespace.POD_ADDRESS_6, port).close())
        .isInstanceOf(ConnectException.class);
  }

  @Test
  @Order(5)
  void leavesLoopbackAlone() throws Exception {
    var said = pod.inside("curl", "-s", "http://127.0.0.1:" + AppProcess.HTTP + "/inside");

    assertThat(said).isEqualTo("app /inside");
  }

  @Test
  @Order(5)
  void leavesConnectionsOfTheApplicationAlone() throws Exception {
    try (var outside = new java.net.ServerSocket()) {
      outside.bind(new java.net.InetSocketAddress(PodNamespace.HOST_ADDRESS, 0));
      Thread.ofVirtual()
          .start(
              () -> {
                try (var socket = outside.accept()) {
                  socket.getOutputStream().write("HTTP/1.0 200 OK\r\n\r\nhello".getBytes());
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });

      var said =
          pod.inside(
              "curl", "-s", "http://" + PodNamespace.HOST_ADDRESS + ":" + outside.getLocalPort());

      assertThat(said).isEqualTo("hello");
    }
  }

  @Test
  @Order(5)
  void keepsTheAdminInterfaceToTheProxysOwnUser() throws Exception {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(layout.adminSocket())))
        .isEqualTo("rw-------");
    assertThat(pod.inside("ss", "-Hltn"))
        .as("everything that listens in the pod")
        .doesNotContain(":9901", ":15000");
  }

  @Test
  @Order(5)
  void servesItsMetrics() throws IOException {
    var answer = Wire.get(POD, SidecarPorts.METRICS, Metrics.PATH);

    assertThat(answer)
        .startsWith("HTTP/1.1 200")
        .contains("# TYPE envoy_http_downstream_rq_total counter")
        .contains("envoy_listener_manager_lds_update_success");
  }

  @ParameterizedTest
  @Order(5)
  @ValueSource(
      strings = {
        "/",
        "/stats",
        "/stats/prometheus/",
        "/stats/prometheus?usedonly",
        "/stats/prometheus/../../config_dump",
        "/stats/prometheus%2f..%2f..%2fconfig_dump",
        "/config_dump",
        "/certs",
        "/quitquitquit",
        "/started"
      })
  void servesNothingElseOfTheAdminInterface(String path) {
    assertThat(Wire.status(POD, SidecarPorts.METRICS, path)).isEqualTo(404);
  }

  @ParameterizedTest
  @Order(5)
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "CONNECT"})
  void changesNothingThroughTheMetrics(String method) throws IOException {
    for (var path : List.of(Metrics.PATH, "/quitquitquit")) {
      try (var socket = Wire.connect(POD, SidecarPorts.METRICS)) {
        assertThat(Wire.exchange(socket, method, path)).as(path).doesNotStartWith("HTTP/1.1 200");
      }
    }
  }

  @Test
  @Order(6)
  void staysTheSameWhenPreparedAgain() throws Exception {
    var before = pod.inside("nft", "list", "ruleset");

    prepare();

    assertThat(pod.inside("nft", "list", "ruleset")).isEqualTo(before);
  }

  @Test
  @Order(7)
  void leavesTheEndpointsWhenTheApplicationIsGone() throws Exception {
    app.destroyForcibly().waitFor();

    awaitProbe("/ready", 503);
    assertThat(probe("/started")).isEqualTo(200);
  }

  @Test
  @Order(8)
  void isClosedWhenEnvoyIsDead() throws Exception {
    envoy.destroyForcibly().waitFor();

    for (var port :
        List.of(
            LISTENER,
            AppProcess.HTTP,
            SidecarPorts.PROBE,
            SidecarPorts.METRICS,
            SidecarPorts.CAPTURE)) {
      assertThatThrownBy(() -> Wire.connect(POD, port).close())
          .as("port %s", port)
          .isInstanceOf(ConnectException.class);
    }
  }

  private static int probe(String path) {
    return Wire.status(POD, SidecarPorts.PROBE, path);
  }

  private static void awaitProbe(String path, int status) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(probe(path)).as(path).isEqualTo(status));
  }
}
