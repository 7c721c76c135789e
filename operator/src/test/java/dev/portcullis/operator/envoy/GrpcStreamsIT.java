package dev.portcullis.operator.envoy;

import static dev.portcullis.operator.envoytest.Intents.route;
import static dev.portcullis.operator.envoytest.Intents.withBody;
import static dev.portcullis.operator.envoytest.Intents.withTimeout;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.envoytest.Gate;
import dev.portcullis.operator.envoytest.GrpcBackend;
import dev.portcullis.operator.envoytest.GrpcClient;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.envoytest.TestIssuer;
import dev.portcullis.operator.intent.AccessLog;
import dev.portcullis.operator.intent.Application;
import dev.portcullis.operator.intent.Application.Protocol;
import dev.portcullis.operator.intent.PathMatch;
import dev.portcullis.operator.intent.Proof;
import dev.portcullis.operator.intent.Route;
import dev.portcullis.operator.intent.Share;
import dev.portcullis.operator.intent.TokenIssuer.TokenFate;
import dev.portcullis.operator.intent.TokenRule;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** gRPC streams through the gate, and how each refusal reaches a gRPC client. */
class GrpcStreamsIT {

  private static final String ECHO = "shop.Orders/Echo";
  private static final int MESSAGE = 100_000;
  private static final Route ROUTE = route("echo", new PathMatch.Exact("/" + ECHO), "POST");
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final GrpcBackend application = GrpcBackend.start();

  @AfterEach
  void close() {
    application.close();
  }

  private Intents.Change behind(Route... routes) {
    return behind(application.port(), routes);
  }

  private static Intents.Change behind(int port, Route... routes) {
    return Intents.routes(routes)
        .and(
            Intents.application(
                new Application(port, Protocol.GRPC, Duration.ofSeconds(1), Optional.empty())));
  }

  @Test
  void eachMessagePassesBeforeTheNextIsSent() throws Exception {
    try (var gate = Gate.open(behind(withBody(ROUTE, 50 * MESSAGE)));
        var client = new GrpcClient(gate.port(), gate.pki().issue(Intents.EDGE))) {
      var stream = client.stream(ECHO);
      for (var sent = 0; sent < 30; sent++) {
        stream.send(new byte[MESSAGE]);
        assertThat(stream.answer()).get().extracting(answer -> answer.length).isEqualTo(MESSAGE);
      }
      stream.finish();

      assertThat(stream.end()).isEqualTo(Code.OK);
    }
  }

  @Test
  void aStreamIsCutOnceItsMessagesTogetherAreTooLarge() throws Exception {
    var logged = new AccessLog(Map.of("echo", new Share(1_000_000)), 20);
    var change = behind(withBody(ROUTE, 10 * MESSAGE)).and(Intents.accessLog(logged));
    try (var gate = Gate.open(change);
        var client = new GrpcClient(gate.port(), gate.pki().issue(Intents.EDGE))) {
      var stream = client.stream(ECHO);
      var passed = 0;
      stream.send(new byte[MESSAGE]);
      for (var answer = stream.answer(); answer.isPresent(); answer = stream.answer()) {
        passed++;
        assertThat(passed).isLessThan(10);
        stream.send(new byte[MESSAGE]);
      }

      assertThat(passed).isEqualTo(9);
      assertThat(stream.end()).isNotEqualTo(Code.OK);
      gate.logged("request_payload_too_large", "\"event\":\"request\"");
      // What was allowed when the answer began has its line all the same.
      gate.logged("request_payload_too_large", "\"event\":\"allowed\"");
    }
  }

  @Test
  void aStreamEndsWithItsTime() throws Exception {
    // Given: an application that never gives up by itself, as the real one does when it is over
    var route = withTimeout(ROUTE, Duration.ofMillis(500));
    try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        var gate = Gate.open(behind(silent.getLocalPort(), route));
        var client = new GrpcClient(gate.port(), gate.pki().issue(Intents.EDGE))) {
      assertThat(client.stream(ECHO).end()).isEqualTo(Code.DEADLINE_EXCEEDED);
    }
  }

  @Test
  void whatNoRouteHasIsUnimplemented() throws Exception {
    try (var gate = Gate.open(behind(ROUTE));
        var client = new GrpcClient(gate.port(), gate.pki().issue(Intents.EDGE))) {
      assertThat(client.stream("shop.Admin/Echo").end()).isEqualTo(Code.UNIMPLEMENTED);
      gate.logged("/shop.Admin/Echo", "portcullis:unknown-path");
    }
  }

  @Test
  void whoShowsNoTokenIsUnauthenticated() throws Exception {
    var issuer = TestIssuer.create("corp", "one");
    var trusted = issuer.trusted(Map.of(), TokenFate.REMOVED, issuer.key());
    var rule =
        new Proof.OfToken(
            new TokenRule(List.of(trusted), Map.of("scope", List.of("orders.write"))));
    try (var gate = Gate.open(behind(ROUTE.asking(rule)));
        var client = new GrpcClient(gate.port(), gate.pki().issue(Intents.EDGE))) {
      assertThat(client.stream(ECHO).end()).isEqualTo(Code.UNAUTHENTICATED);
      assertThat(client.stream(ECHO, bearer(issuer.token(Map.of()))).end())
          .isEqualTo(Code.PERMISSION_DENIED);

      var stream = client.stream(ECHO, bearer(issuer.token(Map.of("scope", "orders.write"))));
      stream.send(new byte[] {1});
      stream.finish();
      assertThat(stream.answer()).isPresent();
      assertThat(stream.end()).isEqualTo(Code.OK);
    }
  }

  private static Metadata bearer(String token) {
    var headers = new Metadata();
    headers.put(AUTHORIZATION, "Bearer " + token);
    return headers;
  }
}
