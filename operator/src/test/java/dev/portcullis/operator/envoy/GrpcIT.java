package dev.portcullis.operator.envoy;

import static dev.portcullis.operator.envoytest.Intents.route;
import static dev.portcullis.operator.envoytest.Intents.withLimits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.portcullis.operator.envoytest.Gate;
import dev.portcullis.operator.envoytest.GrpcBackend;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.envoytest.TestPki.Credential;
import dev.portcullis.operator.intent.AccessLog;
import dev.portcullis.operator.intent.Application;
import dev.portcullis.operator.intent.Application.HealthCheck;
import dev.portcullis.operator.intent.Application.Protocol;
import dev.portcullis.operator.intent.PathMatch;
import dev.portcullis.operator.intent.RateLimit;
import dev.portcullis.operator.intent.RateLimit.Reach;
import dev.portcullis.operator.intent.Share;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A gRPC application behind the gate. */
class GrpcIT {

  private static final PathMatch ECHO = new PathMatch.Exact("/shop.Orders/Echo");
  private static final PathMatch ONCE = new PathMatch.Exact("/shop.Orders/Once");
  private static final AccessLog ALL_ALLOWED =
      new AccessLog(
          Map.of("echo", new Share(1_000_000), "once", new Share(1_000_000)),
          AccessLog.DEFAULT.linesPerSecond());
  private static final Duration SOON = Duration.ofSeconds(15);

  private static final Metadata.Key<String> PUSHBACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  private static final Metadata.Key<String> DENIAL =
      Metadata.Key.of(DenialId.HEADER, Metadata.ASCII_STRING_MARSHALLER);

  private static final GrpcBackend APPLICATION = GrpcBackend.start();
  private static Gate gate;

  @BeforeAll
  static void open() {
    var check = new HealthCheck("", Duration.ofMillis(200), Duration.ofSeconds(1), 3);
    var application =
        new Application(
            APPLICATION.port(), Protocol.GRPC, Duration.ofSeconds(1), Optional.of(check));
    gate =
        Gate.open(
            Intents.application(application)
                .and(Intents.accessLog(ALL_ALLOWED))
                .and(
                    Intents.routes(
                        route("echo", ECHO, "POST"),
                        withLimits(
                            route("once", ONCE, "POST"),
                            new RateLimit(
                                "once",
                                Intents.PER_ADDRESS,
                                1,
                                Duration.ofHours(1),
                                0,
                                100,
                                Reach.ROUTE)))));
  }

  @AfterAll
  static void close() {
    gate.close();
    APPLICATION.close();
  }

  @Test
  void callsPassAndRefusalsAreGrpcStatuses() throws Exception {
    await().atMost(SOON).until(() -> gate.envoy().stat("cluster.app.membership_healthy") == 1);

    assertThat(call(gate.pki().issue(Intents.EDGE), new byte[] {1, 2, 3})).containsExactly(1, 2, 3);
    gate.logged("\"event\":\"allowed\"", "\"route\":\"echo\"", "\"grpcStatus\":\"OK\"");

    var stranger = refused(gate.pki().issue(Intents.BATCH), new byte[1], Code.PERMISSION_DENIED);
    assertThat(stranger.getTrailers().get(DENIAL)).startsWith("callers-");
    gate.logged("\"denial\":\"" + stranger.getTrailers().get(DENIAL) + "\"");
    refused(gate.pki().issue(Intents.EDGE), new byte[3 * 1024 * 1024], Code.UNKNOWN);
    gate.logged("request_payload_too_large", "\"route\":\"echo\"");
    gate.logged("rbac_access_denied_matched_policy[shop/orders/echo]", Intents.BATCH);

    APPLICATION.fail();
    await().atMost(SOON).until(() -> gate.envoy().stat("cluster.app.membership_healthy") == 0);
    var down = refused(gate.pki().issue(Intents.EDGE), new byte[1], Code.UNAVAILABLE);
    assertThat(down.getTrailers().get(PUSHBACK)).isEqualTo("2000");
  }

  @Test
  void aThrottledCallIsToldThatAResourceIsExhausted() {
    var edge = gate.pki().issue(Intents.EDGE);

    refused(() -> call(edge, "shop.Orders/Once", new byte[1]), Code.UNIMPLEMENTED);
    refused(() -> call(edge, "shop.Orders/Once", new byte[1]), Code.RESOURCE_EXHAUSTED);

    gate.logged("\"denial\":\"rate-", "\"route\":\"once\"");
    assertThat(gate.envoy().accessLog())
        .filteredOn(line -> line.contains("\"route\":\"once\""))
        .noneMatch(line -> line.contains("\"event\":\"allowed\""));
  }

  private static StatusRuntimeException refused(
      Credential credential, byte[] message, Code expected) {
    return refused(() -> call(credential, message), expected);
  }

  private static StatusRuntimeException refused(ThrowingCallable call, Code expected) {
    var refusal = catchThrowableOfType(StatusRuntimeException.class, call);
    assertThat(refusal.getStatus().getCode()).isEqualTo(expected);
    return refusal;
  }

  private static byte[] call(Credential credential, byte[] message) throws Exception {
    return call(credential, "shop.Orders/Echo", message);
  }

  private static byte[] call(Credential credential, String method, byte[] message)
      throws Exception {
    var channel = channel(credential);
    try {
      var unary =
          GrpcBackend.ECHO.toBuilder().setType(MethodType.UNARY).setFullMethodName(method).build();
      return ClientCalls.blockingUnaryCall(channel, unary, CallOptions.DEFAULT, message);
    } finally {
      channel.shutdownNow();
    }
  }

  private static ManagedChannel channel(Credential credential) throws Exception {
    var tls =
        GrpcSslContexts.forClient()
            .keyManager(credential.key(), credential.chain().toArray(X509Certificate[]::new))
            .trustManager(InsecureTrustManagerFactory.INSTANCE)
            .endpointIdentificationAlgorithm(null)
            .build();
    return NettyChannelBuilder.forAddress("127.0.0.1", gate.port()).sslContext(tls).build();
  }
}
