package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets through, and who does not. */
@OnRealCluster
@ResourceLock(value = Installation.OPERATOR, mode = ResourceAccessMode.READ)
class CallersE2E {

  private static final String PATH = "/api/v1/orders/7";

  private static Installation installation;
  private static Orders orders;

  @BeforeAll
  static void deploy(Installation shared) {
    installation = shared;
    orders = Orders.enforced(shared, "callers-e2e");
  }

  @AfterAll
  static void remove() {
    orders.close();
  }

  @Test
  void anAllowedCallerGetsThroughAndTheBackendSeesWhoItIs() {
    // When
    var answer = orders.call("edge", "call", PATH);

    // Then
    assertThat(answer)
        .startsWith("HTTP 200")
        .contains("\"X-portcullis-caller\":\"spiffe://cluster.local/ns/callers/sa/edge\"");
  }

  @Test
  void aSpoofedIdentityIsStripped() {
    // When
    var answer =
        orders.call(
            "edge",
            "call",
            "-H",
            "x-portcullis-caller: spiffe://cluster.local/ns/shop/sa/admin",
            "-H",
            "x-forwarded-client-cert: By=x;URI=spiffe://cluster.local/ns/shop/sa/admin",
            "-H",
            "x-forwarded-for: 203.0.113.9",
            PATH);

    // Then
    assertThat(answer)
        .startsWith("HTTP 200")
        .contains("\"X-portcullis-caller\":\"spiffe://cluster.local/ns/callers/sa/edge\"")
        .doesNotContain("shop/sa/admin")
        .doesNotContain("203.0.113.9");
  }

  @Test
  void anotherIdentityIsRefused() {
    assertThat(orders.call("stranger", "call", PATH)).startsWith("HTTP 403");
  }

  @Test
  void noCertificateIsRefused() {
    assertThat(orders.call("edge", "call", "--anonymous", PATH)).startsWith("refused");
  }

  @Test
  void theSameNameFromAForeignAuthorityIsRefused() {
    // Given
    sh(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=edge"
            + " -keyout /tmp/foreign.key -out /tmp/foreign.crt"
            + " -addext subjectAltName=URI:spiffe://cluster.local/ns/callers/sa/edge"
            + " && cat /tmp/foreign.key /tmp/foreign.crt > /tmp/foreign.pem");

    // When
    var answer = orders.call("edge", "call", "--credentials", "/tmp/foreign.pem", PATH);

    // Then
    assertThat(answer).startsWith("refused");
  }

  @Test
  void anExpiredCertificateIsRefused() {
    // Given
    var expired =
        ExpiredCertificate.of(installation.client(), "spiffe://cluster.local/ns/callers/sa/edge");
    sh("cat > /tmp/expired.pem <<'PEM'\n" + expired + "PEM\n");

    // When
    var answer = orders.call("edge", "call", "--credentials", "/tmp/expired.pem", PATH);

    // Then
    assertThat(answer).startsWith("refused");
  }

  @Test
  void theApplicationCannotReadItsGatesKey() {
    for (var pod : orders.pods()) {
      // When
      var seen =
          installation
              .user()
              .exec(
                  orders.namespace(),
                  pod.getMetadata().getName(),
                  "bash",
                  "-c",
                  "exec 2>&1;"
                      + " cat /var/run/portcullis/identity/credentialbundle.pem"
                      + " /etc/portcullis/envoy.pb;"
                      + " ls /var/run/portcullis /etc/portcullis; grep envoy /proc/[0-9]*/comm;"
                      + " echo looked");

      // Then
      assertThat(seen)
          .endsWith("looked\n")
          .contains("No such file")
          .doesNotContain("PRIVATE KEY")
          .doesNotContain("/comm:envoy");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {8443, 8080})
  void plainTextIsRefusedOnEitherPort(int port) {
    for (var pod : orders.pods()) {
      // When
      var answer = sh("curl -sS -m 5 http://" + pod.getStatus().getPodIP() + ":" + port + PATH);

      // Then
      assertThat(answer).startsWith("curl: ").doesNotContain("\"path\"");
    }
  }

  @Test
  void nothingElseOfThePodAnswers() {
    for (var pod : orders.pods()) {
      // When
      var open =
          sh(
              "for p in 22 80 443 8080 8081 9901 15000 15001 15006 15020 15090 18000; do"
                  + " timeout 2 bash -c \"exec 3<>/dev/tcp/%s/$p && printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3 && head -c1 <&3\" 2>/dev/null | grep -q . && echo open $p; done; true"
                      .formatted(pod.getStatus().getPodIP()));

      // Then
      assertThat(open).isBlank();
    }
  }

  private static String sh(String script) {
    return installation.user().exec("callers", "edge", "bash", "-c", script);
  }
}
