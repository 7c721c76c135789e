package dev.portcullis.operator.scan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** What testssl.sh found at one port: versions and kinds of suites, by its own handshakes. */
record Testssl(List<Finding> findings) {

  /** The program. */
  static final Optional<String> PROGRAM = Optional.ofNullable(System.getenv("PORTCULLIS_TESTSSL"));

  /** Of its OpenSSL alone, with which it has no certificate to call with; the rest does without. */
  private static final List<String> OF_ITSELF = List.of("engine_problem", "optimal_proto");

  private static final List<String> HARMLESS = List.of("OK", "INFO", "DEBUG");

  record Finding(String id, String severity, String finding) {}

  /**
   * @param home an empty folder
   */
  static Testssl scan(Path home, int port) {
    var program = new Program(home, Map.of("TERM", "dumb"));
    program.run(
        List.of(
            PROGRAM.orElseThrow(),
            "--jsonfile",
            "report.json",
            "--warnings",
            "off",
            "--color",
            "0",
            "--nodns",
            "none",
            "--protocols",
            "--std",
            "127.0.0.1:" + port));
    try {
      var list = new ObjectMapper().readTree(program.wrote("report.json"));
      return new Testssl(
          StreamSupport.stream(list.spliterator(), false).map(Testssl::finding).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Finding finding(JsonNode node) {
    return new Finding(
        node.get("id").asText(), node.get("severity").asText(), node.get("finding").asText());
  }

  /** What it says under this name. */
  String says(String id) {
    return findings.stream()
        .filter(finding -> finding.id().equals(id))
        .map(Finding::finding)
        .findFirst()
        .orElseThrow(() -> new AssertionError("nothing of " + id + " in " + findings));
  }

  List<Finding> complaints() {
    return findings.stream()
        .filter(finding -> !HARMLESS.contains(finding.severity()))
        .filter(finding -> !OF_ITSELF.contains(finding.id()))
        .toList();
  }
}
