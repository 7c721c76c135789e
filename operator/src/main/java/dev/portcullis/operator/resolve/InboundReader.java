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

/** {@code spec.listener} and {@code spec.hardening}. */
final class InboundReader {

  private static final int FIRST_UNPRIVILEGED = 1024;
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
    return new Inbound(
        port,
        TlsReader.read(in(spec.listener(), ListenerSpec::tls), listener.field("tls")),
        capture,
        streams(in(spec.listener(), ListenerSpec::http2), listener.field("http2")));
  }

  private static int streams(ListenerSpec.Http2 http2, At at) {
    var streams = or(in(http2, ListenerSpec.Http2::maxConcurrentStreams), Defaults.STREAMS);
    if (streams < 1 || streams > MOST_STREAMS) {
      at.field("maxConcurrentStreams").invalid("Choose a number from 1 to %d.", MOST_STREAMS);
    }
    return streams;
  }

  private static Capture capture(HardeningSpec.Capture capture) {
    return switch (or(capture, HardeningSpec.Capture.valueOf(Defaults.CAPTURE))) {
      case Redirect -> Capture.REDIRECT;
      case None -> Capture.NONE;
    };
  }

  private InboundReader() {}
}
