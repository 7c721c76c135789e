package dev.portcullis.operator.watch.jwks;

import dev.portcullis.operator.intent.KeySource;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * One GET over HTTPS on a new connection, to an address that the caller has checked, of the host
 * that the URL names: its name is what TLS asks for and verifies. No name is looked up here, no
 * redirect followed, no proxy used, nothing decompressed, and no cookie or credential sent.
 */
final class HttpsGet implements AutoCloseable {

  private static final int OK = 200;
  private static final int REDIRECTS = 3;
  private static final int HUNDRED = 100;
  private static final int LONGEST_HEADERS = 16 * 1024;
  private static final int LONGEST_LINE = 4096;

  private static final VertxOptions SMALL =
      new VertxOptions()
          .setEventLoopPoolSize(1)
          .setWorkerPoolSize(1)
          .setInternalBlockingPoolSize(1)
          .setFileSystemOptions(
              new FileSystemOptions()
                  .setFileCachingEnabled(false)
                  .setClassPathResolvingEnabled(false));

  /** Most installations ask nobody. */
  private Optional<Vertx> opened = Optional.empty();

  /**
   * Whom to ask.
   *
   * @param authorities CAs in PEM, of which one must vouch for the host; empty for those that the
   *     Java runtime knows
   */
  record Peer(KeySource source, InetAddress address, Optional<String> authorities) {}

  /**
   * The body of a 200 of at most {@link KeySetDocument#MOST_BYTES}.
   *
   * @param patience for all of it: connection, handshake, answer
   */
  byte[] get(Peer peer, Duration patience) throws FetchFailure, InterruptedException {
    var client =
        vertx().createHttpClient(options(peer, patience), new PoolOptions().setHttp1MaxSize(1));
    try {
      return client
          .request(request(peer))
          .compose(HttpClientRequest::send)
          .compose(HttpsGet::body)
          .toCompletionStage()
          .toCompletableFuture()
          .get(patience.toMillis(), TimeUnit.MILLISECONDS)
          .getBytes();
    } catch (TimeoutException late) {
      throw new FetchFailure(
          "TooSlow", "It gave no whole answer within %d ms.".formatted(patience.toMillis()));
    } catch (ExecutionException failed) {
      throw classified(failed.getCause(), peer);
    } finally {
      client.close();
    }
  }

  @Override
  public synchronized void close() {
    opened.ifPresent(Vertx::close);
    opened = Optional.empty();
  }

  private synchronized Vertx vertx() {
    var vertx = opened.orElseGet(() -> Vertx.vertx(SMALL));
    opened = Optional.of(vertx);
    return vertx;
  }

  private static HttpClientOptions options(Peer peer, Duration patience) {
    var millis = (int) patience.toMillis();
    var options =
        new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_1_1)
            .setSsl(true)
            .setVerifyHost(true)
            .setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"))
            .setKeepAlive(false)
            .setConnectTimeout(millis)
            .setSslHandshakeTimeout(millis)
            .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
            .setMaxHeaderSize(LONGEST_HEADERS)
            .setMaxInitialLineLength(LONGEST_LINE);
    peer.authorities()
        .ifPresent(
            pem -> options.setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(pem))));
    return options;
  }

  private static RequestOptions request(Peer peer) {
    var source = peer.source();
    var address = new InetSocketAddress(peer.address(), source.port());
    return new RequestOptions()
        .setMethod(HttpMethod.GET)
        .setServer(SocketAddress.inetSocketAddress(address))
        .setHost(source.host())
        .setPort(source.port())
        .setURI(target(URI.create(source.url())))
        .setFollowRedirects(false)
        .putHeader("accept", "application/jwk-set+json, application/json")
        .putHeader("user-agent", "portcullis");
  }

  private static String target(URI url) {
    var path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    return url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
  }

  private static Future<Buffer> body(HttpClientResponse response) {
    if (response.statusCode() != OK) {
      response.request().connection().close();
      return Future.failedFuture(status(response.statusCode()));
    }
    Promise<Buffer> whole = Promise.promise();
    var read = Buffer.buffer();
    response
        .handler(
            part -> {
              if (read.length() + part.length() <= KeySetDocument.MOST_BYTES) {
                read.appendBuffer(part);
              } else if (whole.tryFail(new FetchFailure("AnswerInvalid", TOO_LONG))) {
                response.request().connection().close();
              }
            })
        .exceptionHandler(whole::tryFail)
        .endHandler(_ -> whole.tryComplete(read));
    return whole.future();
  }

  private static final String TOO_LONG =
      "Its answer is longer than %d KiB.".formatted(KeySetDocument.MOST_BYTES / 1024);

  private static FetchFailure status(int status) {
    return new FetchFailure(
        "AnswerInvalid",
        status / HUNDRED == REDIRECTS
            ? "It answers with a redirect (%d), which is not followed.".formatted(status)
            : "It answers with status %d.".formatted(status));
  }

  private static FetchFailure classified(Throwable cause, Peer peer) {
    return switch (cause) {
      case FetchFailure failure -> failure;
      case ConnectException _ ->
          new FetchFailure(
              "NotReachable",
              "No connection to %s, port %d."
                  .formatted(peer.address().getHostAddress(), peer.source().port()));
      case SSLException tls ->
          new FetchFailure(
              "TlsFailed",
              "It is not proved to be %s: %s".formatted(peer.source().host(), why(tls)));
      default -> new FetchFailure("AnswerInvalid", "It gave no whole HTTP answer.");
    };
  }

  /** The innermost text is the one that says it. */
  private static String why(Throwable failure) {
    var inner = failure;
    while (inner.getCause() != null && inner.getCause().getMessage() != null) {
      inner = inner.getCause();
    }
    return String.valueOf(inner.getMessage());
  }
}
