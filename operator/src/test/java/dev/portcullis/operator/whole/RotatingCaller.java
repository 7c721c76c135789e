package dev.portcullis.operator.whole;

import dev.portcullis.operator.identity.TrustBundle;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * A workload that calls one backend, and trusts what its mounted roots say of it. Its files can be
 * swapped while it calls; like a pod's, they are read anew for every connection.
 */
final class RotatingCaller {

  private static final int TIMEOUT = 3000;

  private final String address;
  private volatile Files files;
  private Optional<Open> open = Optional.empty();
  private String failure = "";

  /** What kubelet mounts. */
  private record Files(String credentialBundle, String roots) {}

  private record Open(SSLSocket socket) {

    void close() {
      try {
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private record Answer(int status, boolean last) {}

  RotatingCaller(String address, String credentialBundle, String roots) {
    this.address = address;
    this.files = new Files(credentialBundle, roots);
  }

  void swapRoots(String roots) {
    files = new Files(files.credentialBundle, roots);
  }

  void swapCertificate(String credentialBundle) {
    files = new Files(credentialBundle, files.roots);
  }

  /** Why the last call that got no answer got none. */
  String failure() {
    return failure;
  }

  /** Status of a GET on a connection of its own; 0 where there is none, or no trust. */
  int get(String path) {
    try (var socket = connect()) {
      return ask(socket, path, "close").status();
    } catch (IOException refused) {
      failure = "on a connection of its own: " + refused;
      return 0;
    }
  }

  /** Status of a GET on the one connection that stays. */
  int getAgain(String path) {
    return getOnOpen(path).status();
  }

  /** The same, and on another connection next time where the answer says that it is the last. */
  int getUntilTold(String path) {
    var answer = getOnOpen(path);
    if (answer.last()) {
      open.ifPresent(Open::close);
      open = Optional.empty();
    }
    return answer.status();
  }

  private Answer getOnOpen(String path) {
    try {
      if (open.isEmpty()) {
        open = Optional.of(new Open(connect()));
      }
      return ask(open.get().socket, path, "keep-alive");
    } catch (IOException ended) {
      failure = (open.isEmpty() ? "on a new connection to keep: " : "on a kept one: ") + ended;
      open = Optional.empty();
      return new Answer(0, true);
    }
  }

  private SSLSocket connect() throws IOException {
    var plain = new Socket();
    plain.connect(new InetSocketAddress(address, 8443), TIMEOUT);
    plain.setSoTimeout(TIMEOUT);
    return (SSLSocket) context().getSocketFactory().createSocket(plain, address, 8443, true);
  }

  private static Answer ask(SSLSocket socket, String path, String connection) throws IOException {
    var request =
        "GET " + path + " HTTP/1.1\r\nHost: backend\r\nConnection: " + connection + "\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    var in = socket.getInputStream();
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      var next = in.read();
      if (next < 0) {
        throw new IOException("the connection has ended");
      }
      head.append((char) next);
    }
    in.readNBytes(length(head.toString()));
    var status = Integer.parseInt(head.substring(9, 12));
    return new Answer(
        status, head.toString().toLowerCase(Locale.ROOT).contains("connection: close"));
  }

  private static int length(String head) {
    return head.lines()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
        .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
        .findFirst()
        .orElse(0);
  }

  private SSLContext context() {
    try {
      var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(keyStore(files.credentialBundle), new char[0]);
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trustStore(files.roots));
      var context = SSLContext.getInstance("TLSv1.3");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError(e);
    }
  }

  private static KeyStore keyStore(String bundle) throws GeneralSecurityException, IOException {
    var chain =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(
                new ByteArrayInputStream(
                    bundle
                        .substring(bundle.indexOf("-----BEGIN CERTIFICATE"))
                        .getBytes(StandardCharsets.US_ASCII)))
            .toArray(Certificate[]::new);
    var key =
        bundle
            .substring(0, bundle.indexOf("-----END PRIVATE KEY"))
            .replace("-----BEGIN PRIVATE KEY-----", "");
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "own",
        KeyFactory.getInstance("EC")
            .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(key))),
        new char[0],
        chain);
    return store;
  }

  private static KeyStore trustStore(String roots) throws GeneralSecurityException, IOException {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    for (var root : TrustBundle.ofPem(roots).roots()) {
      store.setCertificateEntry(root.getSerialNumber().toString(16), root);
    }
    return store;
  }
}
