package dev.portcullis.bootstrap.contract;

/**
 * One probe of the application, as the kubelet would have made it. The probe listener answers
 * {@code ProbePaths.APP_PREFIX + index} (index in the list) with the outcome of exactly this probe.
 */
public sealed interface AppProbe {

  /** Port of the application, 1 to 65535. */
  int port();

  /** The probe in one line, the inverse of {@link AppProbes#parse}. */
  String line();

  /** An {@code httpGet} probe in plain text; {@code path} is exact and may hold a query. */
  record HttpGet(int port, String path) implements AppProbe {
    @Override
    public String line() {
      return "http " + port + " " + path;
    }
  }

  /** An {@code httpGet} probe over TLS; as with the kubelet's own, no certificate is verified. */
  record HttpsGet(int port, String path) implements AppProbe {
    @Override
    public String line() {
      return "https " + port + " " + path;
    }
  }

  /** A {@code tcpSocket} probe. */
  record TcpSocket(int port) implements AppProbe {
    @Override
    public String line() {
      return "tcp " + port;
    }
  }

  /** A {@code grpc} probe of the standard health service; {@code service} may be empty. */
  record Grpc(int port, String service) implements AppProbe {
    @Override
    public String line() {
      return "grpc " + port + " " + service;
    }
  }
}
