package dev.portcullis.operator.resolve;

import static dev.portcullis.operator.resolve.Given.in;
import static dev.portcullis.operator.resolve.Given.or;

import dev.portcullis.api.v1alpha1.ApiBackendPolicySpec;
import dev.portcullis.api.v1alpha1.BackendSpec;
import dev.portcullis.api.v1alpha1.Defaults;
import dev.portcullis.api.v1alpha1.HardeningSpec;
import dev.portcullis.api.v1alpha1.ListenerSpec;
import dev.portcullis.operator.intent.Inbound;
import dev.portcullis.operator.intent.Inbound.Capture;
import dev.portcullis.operator.intent.Inbound.Http3;
import dev.portcullis.operator.intent.KeyType;
import dev.portcullis.operator.intent.Tls;
import java.util.Optional;

/** {@code spec.listener} and {@code spec.hardening}. */
final class InboundReader {

  private static final int FIRST_UNPRIVILEGED = 1024;
  private static final int LAST_PORT = 65_535;
  private static final int MOST_STREAMS = 10_000;

  static Inbound read(ApiBackendPolicySpec spec, At at) {
    var listener = at.field("listener");
    var port =
        Ports.read(
            or(in(spec.listener(), ListenerSpec::port), Defaults.LISTENER_PORT),
            listener.field("port"));
    var capture = capture(in(spec.hardening(), HardeningSpec::capture));
    if (Integer.valueOf(port).equals(in(spec.backend(), BackendSpec::port))) {
      listener.field("port").invalid("Choose another port than spec.backend.port.");
    }
    if (capture == Capture.NONE && port < FIRST_UNPRIVILEGED) {
      listener
          .field("port")
          .invalid(
              "Choose a port of 1024 or above: with capture None an unprivileged proxy binds it.");
    }
    var inbound =
        new Inbound(
            port,
            TlsReader.read(in(spec.listener(), ListenerSpec::tls), listener.field("tls")),
            capture,
            streams(in(spec.listener(), ListenerSpec::http2), listener.field("http2")),
            http3(in(spec.listener(), ListenerSpec::http3), listener.field("http3")));
    checkHttp3(inbound, listener);
    return inbound;
  }

  private static int streams(ListenerSpec.Http2 http2, At at) {
    var streams = or(in(http2, ListenerSpec.Http2::maxConcurrentStreams), Defaults.STREAMS);
    if (streams < 1 || streams > MOST_STREAMS) {
      at.field("maxConcurrentStreams").invalid("Choose a number from 1 to %d.", MOST_STREAMS);
    }
    return streams;
  }

  private static Optional<Http3> http3(ListenerSpec.Http3 http3, At at) {
    return Optional.ofNullable(http3)
        .map(
            some ->
                new Http3(
                    Optional.ofNullable(some.advertisedPort())
                        .map(port -> advertised(port, at.field("advertisedPort")))));
  }

  private static int advertised(int port, At at) {
    if (port < 1 || port > LAST_PORT) {
      at.invalid("Name a UDP port from 1 to %d.", LAST_PORT);
    }
    return port;
  }

  /** What the proxy would refuse over QUIC, or take without a word and not do. */
  private static void checkHttp3(Inbound inbound, At at) {
    if (inbound.http3().isEmpty()) {
      return;
    }
    if (inbound.port() < FIRST_UNPRIVILEGED) {
      at.field("port").invalid("Choose a port of 1024 or above, or remove http3.");
    }
    var tls = at.field("tls");
    if (inbound.tls().profile() == Tls.Profile.FIPS140) {
      tls.field("profile").invalid("Choose Standard, or remove http3: QUIC has no FIPS140 here.");
    }
    if (!inbound.tls().curves().isEmpty()) {
      tls.field("curves").invalid("Remove the list, or http3: QUIC leaves no such choice here.");
    }
    if (inbound.tls().keyType() == KeyType.ED25519) {
      tls.field("keyType").invalid("Choose an ECDSA or RSA key, or remove http3.");
    }
  }

  private static Capture capture(HardeningSpec.Capture capture) {
    return switch (or(capture, HardeningSpec.Capture.valueOf(Defaults.CAPTURE))) {
      case Redirect -> Capture.REDIRECT;
      case None -> Capture.NONE;
    };
  }

  private InboundReader() {}
}
