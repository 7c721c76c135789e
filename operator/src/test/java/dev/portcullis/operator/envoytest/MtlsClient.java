package dev.portcullis.operator.envoytest;

import dev.portcullis.operator.envoytest.TestPki.Credential;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * A client that sends exactly the bytes it is told, from any loopback address, and presents its
 * certificate even where the server's hints would make a polite client keep it back.
 *
 * @param address local address to call from, such as {@code 127.0.3.7}
 * @param serverName asked for in the handshake
 */
public record MtlsClient(
    int port, Optional<Credential> credential, String address, Optional<String> serverName) {

  private static final int TIMEOUT_MILLIS = 15_000;

  public static MtlsClient to(int port, Credential credential) {
    return new MtlsClient(port, Optional.of(credential), "127.0.0.1", Optional.empty());
  }

  public static MtlsClient withoutCertificate(int port) {
    return new MtlsClient(port, Optional.empty(), "127.0.0.1", Optional.empty());
  }

  public MtlsClient from(String otherAddress) {
    return new MtlsClient(port, credential, otherAddress, serverName);
  }

  public MtlsClient askingFor(String name) {
    return new MtlsClient(port, credential, address, Optional.of(name));
  }

  /** One request on a connection of its own. */
  public HttpAnswer get(String path) throws IOException {
    return send(HttpText.get(path));
  }

  /** One request on a connection of its own. */
  public HttpAnswer send(HttpText request) throws IOException {
    try (var connection = connect()) {
      return connection.send(request);
    }
  }

  /** A connection to keep; fails when the handshake does. */
  public HttpConnection connect(String... protocols) throws IOException {
    return connect(localSocket(), "127.0.0.1", protocols);
  }

  /** The same to a host that is not this one. */
  public HttpConnection connectTo(String host) throws IOException {
    return connect(new Socket(), host);
  }

  /** A connection that speaks HTTP/2. */
  public Http2Connection connectHttp2() throws IOException {
    var socket =
        handshake(
            localSocket(),
            "127.0.0.1",
            wishes -> wishes.setApplicationProtocols(new String[] {"h2"}));
    return new Http2Connection(socket);
  }

  private HttpConnection connect(Socket plain, String host, String... protocols)
      throws IOException {
    return new HttpConnection(
        handshake(
            plain,
            host,
            wishes -> {
              if (protocols.length > 0) {
                wishes.setProtocols(protocols);
              }
            }));
  }

  private Socket localSocket() throws IOException {
    var plain = new Socket();
    plain.bind(new InetSocketAddress(InetAddress.getByName(address), 0));
    return plain;
  }

  private SSLSocket handshake(Socket plain, String host, Consumer<SSLParameters> wish)
      throws IOException {
    try {
      plain.connect(new InetSocketAddress(host, port), TIMEOUT_MILLIS);
      plain.setSoTimeout(TIMEOUT_MILLIS);
      var socket =
          (SSLSocket) context().getSocketFactory().createSocket(plain, "127.0.0.1", port, true);
      var parameters = socket.getSSLParameters();
      wish.accept(parameters);
      serverName.ifPresent(name -> parameters.setServerNames(List.of(new SNIHostName(name))));
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return socket;
    } catch (IOException e) {
      plain.close();
      throw e;
    }
  }

  /** For clients of the JDK that speak HTTP/2. The server's certificate is not checked. */
  public SSLContext context() {
    try {
      var context = SSLContext.getInstance("TLS");
      var keys = credential.map(known -> new KeyManager[] {new Presented(known)}).orElse(null);
      context.init(keys, new TrustManager[] {new AnyServer()}, new SecureRandom());
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Presents one certificate whatever authorities the server names. */
  private static final class Presented extends X509ExtendedKeyManager {

    private static final String ALIAS = "client";
    private final Credential credential;

    Presented(Credential credential) {
      this.credential = credential;
    }

    @Override
    public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
      return ALIAS;
    }

    @Override
    public String chooseEngineClientAlias(String[] types, Principal[] issuers, SSLEngine engine) {
      return ALIAS;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return credential.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return credential.key();
    }

    @Override
    public String[] getClientAliases(String type, Principal[] issuers) {
      return new String[] {ALIAS};
    }

    @Override
    public String[] getServerAliases(String type, Principal[] issuers) {
      return new String[0];
    }

    @Override
    public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
      return null;
    }
  }

  /** These tests are about what the server thinks of the client. */
  private static final class AnyServer extends X509ExtendedTrustManager {

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
