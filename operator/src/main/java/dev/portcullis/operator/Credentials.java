package dev.portcullis.operator;

import javax.net.ssl.SSLContext;
import javax.net.ssl.X509ExtendedKeyManager;

/** The operator's own certificates, renewed behind the scenes. */
public interface Credentials extends AutoCloseable {

  /** Returns once there is a certificate to serve with. */
  void start();

  /** For every handshake of a server of the operator: its certificate of now. */
  X509ExtendedKeyManager server();

  /** For a connection to a sidecar: the operator's identity, and the roots to trust, of now. */
  SSLContext client();

  @Override
  void close();
}
