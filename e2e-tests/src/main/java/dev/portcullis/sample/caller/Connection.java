package dev.portcullis.sample.caller;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLSocket;

/** One mutual TLS connection to the gate; the server must prove the SPIFFE id that is expected. */
final class Connection implements Closeable {

  private static final int TIMEOUT_MILLIS = 10_000;
  private static final int URI_SAN = 6;

  private final SSLSocket socket;
  private final InputStream in;

  private Connection(SSLSocket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  static Connection open(Target target, Optional<InetAddress> source)
      throws IOException, GeneralSecurityException {
    var socket = (SSLSocket) target.credentials().context().getSocketFactory().createSocket();
    try {
      if (source.isPresent()) {
        socket.bind(new InetSocketAddress(source.get(), 0));
      }
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.connect(new InetSocketAddress(target.host(), target.port()), TIMEOUT_MILLIS);
      socket.startHandshake();
      requireIdentity(socket, target.serverIdentity());
      return new Connection(socket);
    } catch (IOException | GeneralSecurityException e) {
      socket.close();
      throw e;
    }
  }

  Response exchange(Request request) throws IOException {
    var out = socket.getOutputStream();
    out.write(request.head());
    writeBody(request.bodyBytes());
    out.flush();
    return Response.read(in);
  }

  /** The gate may answer and close before the body is through: then the answer is what counts. */
  private void writeBody(int bytes) {
    var chunk = new byte[16_384];
    try {
      for (var left = bytes; left > 0; left -= Math.min(left, chunk.length)) {
        socket.getOutputStream().write(chunk, 0, Math.min(left, chunk.length));
      }
    } catch (IOException refusedEarly) {
      return;
    }
  }

  X509Certificate peerCertificate() throws IOException {
    return (X509Certificate) socket.getSession().getPeerCertificates()[0];
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private static void requireIdentity(SSLSocket socket, String expected)
      throws IOException, GeneralSecurityException {
    var leaf = (X509Certificate) socket.getSession().getPeerCertificates()[0];
    var names = leaf.getSubjectAlternativeNames();
    var matches =
        names != null
            && names.stream()
                .anyMatch(name -> name.get(0).equals(URI_SAN) && name.get(1).equals(expected));
    if (!matches) {
      throw new IOException("the server is not " + expected + " but " + names);
    }
  }
}
