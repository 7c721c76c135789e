package dev.portcullis.operator.everyfield;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * No field is silently ignored: each, changed in a policy that another test has written, changes
 * what is enforced, or is refused by the API server or in the status.
 */
class EveryFieldCountsIT {

  private static final int BASES = 3;

  /** Fields of which one change or another rightly means nothing, and why. */
  private static final Map<String, String> MAY_BE_SILENT =
      Map.of(
          "authentication.apiKeys.forwardClient", "names of headers know no case",
          "authentication.jwt[].forwardClaims{}", "names of headers know no case",
          "authentication.jwt[].jwks.keys[].alg", "left out, it is what type and curve say",
          "authentication.jwt[].jwks.keys[].use", "there is but one, and it need not be said",
          "callers[].name", "what no route and no log says may have any name",
          "rateLimits[].header", "names of headers know no case",
          "routes[].rateLimits[].header", "names of headers know no case");

  /** Fields that cannot change alone in any sample, and with what they change. */
  private static final Map<String, String> NEVER_ALONE =
      Map.ofEntries(
          Map.entry("authentication.jwt[].jwks.keys[].alg", "with the type of the key"),
          Map.entry("authentication.jwt[].jwks.keys[].crv", "with the point"),
          Map.entry("authentication.jwt[].jwks.keys[].kty", "with the numbers of the key"),
          Map.entry("authentication.jwt[].jwks.keys[].use", "never"),
          Map.entry("authentication.jwt[].jwks.keys[].x", "with the rest of the point"),
          Map.entry("authentication.jwt[].jwks.keys[].y", "with the rest of the point"),
          Map.entry("authentication.jwt[].name", "with the routes that ask for it"),
          Map.entry("backend.transcoding.configMapRef.key", "with the descriptor set"),
          Map.entry("backend.transcoding.configMapRef.name", "with the ConfigMap"),
          Map.entry("callers[].name", "with the routes that let it in"),
          Map.entry("callers[].trust.caSecretRef.name", "with the Secret"),
          Map.entry("callers[].trust.crlSecretRef.name", "with the Secret"),
          Map.entry("callers[].trust.subjectAltNames[].type", "with the value"),
          Map.entry("listener.tls.minVersion", "with the cipher suites"),
          Map.entry("openApi.configMapRef.key", "with the document"),
          Map.entry("openApi.configMapRef.name", "with the ConfigMap"));

  private static PolicyServer server;
  private static List<Base> bases;

  @BeforeAll
  static void start() throws IOException {
    server = PolicyServer.start();
    bases = Samples.whole().stream().flatMap(folder -> Base.of(folder, server)).toList();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  static Stream<SchemaLeaf> fields() {
    return SchemaLeaf.all().stream();
  }

  @ParameterizedTest
  @MethodSource("fields")
  void aChangeIsEnforcedOrRefused(SchemaLeaf leaf) {
    var attempts =
        bases.stream()
            .filter(base -> !leaf.places(base.spec()).isEmpty())
            .limit(BASES)
            .flatMap(base -> base.attempts(leaf, leaf.places(base.spec()).getFirst(), server))
            .toList();

    assertThat(attempts).as("no case of the suite sets %s", leaf).isNotEmpty();
    if (!MAY_BE_SILENT.containsKey(leaf.toString())) {
      assertThat(attempts)
          .as("what %s says changes nothing", leaf)
          .noneMatch(Base.Attempt.Silent.class::isInstance);
    }
    if (!NEVER_ALONE.containsKey(leaf.toString())) {
      assertThat(attempts)
          .as("every change of %s was refused", leaf)
          .anyMatch(Base.Attempt.Heard.class::isInstance);
    }
  }
}
