package dev.portcullis.operator.watch.jwks;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.portcullis.operator.envoytest.TestIssuer;
import dev.portcullis.operator.envoytest.TestPki;
import dev.portcullis.operator.envoytest.TestPki.Credential;
import dev.portcullis.operator.envoytest.TestPki.LeafShape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x509.GeneralName;

/** An issuer's web server on loopback: the JDK's, over HTTPS. It answers as it is told. */
public final class PublishingIssuer implements AutoCloseable {

  public static final String PATH = "/keys";

  private final HttpsServer server;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("issuer-", 0).factory());
  private final AtomicInteger asked = new AtomicInteger();
  private volatile HttpHandler answer = exchange -> send(exchange, 404, "");
  private volatile String lastHost = "";

  private PublishingIssuer(Credential credential, int port) {
    try {
      server =
          HttpsServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 0);
      server.setHttpsConfigurator(new HttpsConfigurator(context(credential)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          asked.incrementAndGet();
          lastHost = exchange.getRequestHeaders().getFirst("Host");
          try (exchange) {
            answer.handle(exchange);
          }
        });
    server.start();
  }

  /** With a certificate of this CA for one host name, at any port that is free. */
  public static PublishingIssuer start(TestPki pki, String host) {
    return start(pki.issue(shape(host)), 0);
  }

  /** The same at the port of one that is gone. */
  public static PublishingIssuer startAgain(TestPki pki, String host, int port) {
    return start(pki.issue(shape(host)), port);
  }

  static PublishingIssuer start(Credential credential, int port) {
    return new PublishingIssuer(credential, port);
  }

  static LeafShape shape(String host) {
    return LeafShape.named("leaf", List.of(new GeneralName(GeneralName.dNSName, host)));
  }

  /** From now on. */
  public void publishes(TestIssuer... issuers) {
    answersWith(KeySetDocument.write(Stream.of(issuers).map(TestIssuer::key).toList()));
  }

  public void answersWith(String body) {
    answers(exchange -> send(exchange, 200, body));
  }

  void answers(HttpHandler handler) {
    answer = handler;
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /** How often. */
  public int asked() {
    return asked.get();
  }

  String lastHost() {
    return lastHost;
  }

  static void send(HttpExchange exchange, int status, String body) throws IOException {
    var bytes = body.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private static SSLContext context(Credential credential) {
    try {
      var store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(
          "leaf",
          credential.key(),
          new char[0],
          credential.chain().toArray(X509Certificate[]::new));
      var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, new char[0]);
      var context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
