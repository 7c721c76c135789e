package dev.portcullis.operator.scan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portcullis.operator.envoytest.TestPki.Credential;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What sslyze found at one port. */
final class Sslyze {

  /** A folder of Python packages. */
  static final Optional<String> PACKAGES = Optional.ofNullable(System.getenv("PORTCULLIS_SSLYZE"));

  // Not SSLv2: sslyze cannot try it with a chain of certificates. testssl.sh can.
  private static final List<String> CHECKS =
      List.of(
          "--sslv3",
          "--tlsv1",
          "--tlsv1_1",
          "--tlsv1_2",
          "--tlsv1_3",
          "--elliptic_curves",
          "--resum",
          "--reneg",
          "--compression",
          "--early_data",
          "--heartbleed",
          "--openssl_ccs",
          "--robot",
          "--fallback");

  private static final List<String> NO_RESUMPTION =
      List.of("NOT_SUPPORTED", "SERVER_IS_TLS_1_3_ONLY");

  private final JsonNode findings;

  private Sslyze(JsonNode findings) {
    this.findings = findings;
  }

  /**
   * @param home an empty folder
   * @param caller comes with this certificate
   */
  static Sslyze scan(Path home, int port, Optional<Credential> caller) {
    var program = new Program(home, Map.of("PYTHONPATH", PACKAGES.orElseThrow()));
    var command = new ArrayList<>(List.of("python3", "-m", "sslyze"));
    command.addAll(List.of("--mozilla_config=disable", "--json_out=report.json"));
    command.addAll(CHECKS);
    try {
      if (caller.isPresent()) {
        Files.writeString(home.resolve("caller.crt"), caller.get().certificates());
        Files.writeString(home.resolve("caller.key"), caller.get().privateKey());
        command.addAll(List.of("--cert", "caller.crt", "--key", "caller.key"));
      }
      command.add("127.0.0.1:" + port);
      program.run(command);
      var server =
          new ObjectMapper().readTree(program.wrote("report.json")).at("/server_scan_results/0");
      assertThat(server.at("/connectivity_status").asText()).isEqualTo("COMPLETED");
      return new Sslyze(server.get("scan_result"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** IANA names of the suites that were accepted in {@code tls_1_2} and the like. */
  Set<String> suites(String version) {
    return elements(result(version + "_cipher_suites").get("accepted_cipher_suites"))
        .map(suite -> suite.at("/cipher_suite/name").asText())
        .collect(Collectors.toSet());
  }

  Set<String> curves() {
    return elements(result("elliptic_curves").get("supported_curves"))
        .map(curve -> curve.get("name").asText())
        .collect(Collectors.toSet());
  }

  /** Everything that has a name in the papers. */
  void assertNothingKnown() {
    assertThat(result("heartbleed").get("is_vulnerable_to_heartbleed").asBoolean(true)).isFalse();
    assertThat(
            result("openssl_ccs_injection").get("is_vulnerable_to_ccs_injection").asBoolean(true))
        .isFalse();
    assertThat(result("robot").get("robot_result").asText()).startsWith("NOT_VULNERABLE");
    assertThat(result("tls_compression").get("supports_compression").asBoolean(true)).isFalse();
    assertThat(
            result("session_renegotiation")
                .get("is_vulnerable_to_client_renegotiation_dos")
                .asBoolean(true))
        .isFalse();
  }

  /** Sessions and tickets of TLS 1.2, which is where sslyze tries them, and early data of 1.3. */
  void assertNothingResumes() {
    var resumption = result("session_resumption");
    assertThat(resumption.get("session_id_resumption_result").asText()).isIn(NO_RESUMPTION);
    assertThat(resumption.get("tls_ticket_resumption_result").asText()).isIn(NO_RESUMPTION);
    assertThat(result("tls_1_3_early_data").get("supports_early_data").asBoolean(true)).isFalse();
  }

  private JsonNode result(String check) {
    var found = findings.get(check);
    assertThat(found.get("status").asText()).as("%s: %s", check, found).isEqualTo("COMPLETED");
    return found.get("result");
  }

  private static Stream<JsonNode> elements(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false);
  }
}
