package dev.portcullis.operator.envoy;

import static dev.portcullis.operator.envoytest.Intents.caller;
import static dev.portcullis.operator.envoytest.Intents.route;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.envoytest.Gate;
import dev.portcullis.operator.envoytest.HttpText;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.intent.Caller.Origin;
import dev.portcullis.operator.intent.PathMatch;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A caller's place and identity together. */
class CallerAddressesIT {

  private static final String PARTNER = "spiffe://mesh.example/partner/acme";

  private static Gate gate;

  @BeforeAll
  static void open() {
    var partner =
        caller(
            "partner",
            new Origin.Addresses(
                List.of("127.10.0.0/16", "127.20.1.0/24"),
                List.of("127.10.9.0/24", "127.20.0.0/16")),
            PARTNER);
    var sameIdentityElsewhere =
        caller("branch", new Origin.Addresses(List.of("127.30.0.1/32"), List.of()), PARTNER);
    var edge = caller("edge", new Origin.Anywhere(), Intents.EDGE);
    gate =
        Gate.open(
            Intents.routes(
                Intents.withCallers(
                    route("all", new PathMatch.Exact("/all"), "GET"),
                    partner,
                    sameIdentityElsewhere,
                    edge),
                Intents.withCallers(
                    route("edge-only", new PathMatch.Exact("/edge"), "GET"), edge)));
  }

  @AfterAll
  static void close() {
    gate.close();
  }

  @ParameterizedTest
  @CsvSource({
    PARTNER + ", 127.10.0.1, /all, 200",
    PARTNER + ", 127.10.255.254, /all, 200",
    PARTNER + ", 127.10.9.1, /all, 403", // excepted
    PARTNER + ", 127.20.1.1, /all, 403", // excepted by a wider block
    PARTNER + ", 127.11.0.1, /all, 403",
    PARTNER + ", 127.0.0.1, /all, 403",
    PARTNER + ", 127.30.0.1, /all, 200", // the other caller of this identity
    PARTNER + ", 127.30.0.2, /all, 403",
    PARTNER + ", 127.10.0.1, /edge, 403",
    Intents.EDGE + ", 127.99.0.1, /all, 200",
    Intents.EDGE + ", 127.99.0.1, /edge, 200",
    Intents.BATCH + ", 127.10.0.1, /all, 403", // the place alone is not enough
  })
  void placeAndIdentityDecideTogether(String identity, String address, String path, int status)
      throws IOException {
    assertThat(gate.as(identity).from(address).get(path).status()).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({"x-forwarded-for", "x-real-ip", "forwarded", "x-envoy-external-address"})
  void noHeaderChangesThePlace(String header) throws IOException {
    var request = HttpText.get("/all").header(header + ": 127.10.0.1");

    assertThat(gate.as(PARTNER).from("127.11.0.1").send(request).status()).isEqualTo(403);
  }
}
