package dev.portcullis.bootstrap.contract;

/**
 * One probe of the application, as the kubelet would have made it. The probe listener answers
 * {@code ProbePaths.APP_PREFIX + index} (index in the list) with the outcome of exactly this probe.
 */
public sealed interface AppProbe {

  /** Port of the application, 1 to 65535. */
  int port();

  /** An {@code httpGet} probe; {@code path} is exact and may hold a query. */
  record HttpGet(int port, String path) implements AppProbe {}

  /** A {@code tcpSocket} probe. */
  record TcpSocket(int port) implements AppProbe {}

  /** A {@code grpc} probe of the standard health service; {@code service} may be empty. */
  record Grpc(int port, String service) implements AppProbe {}
}
