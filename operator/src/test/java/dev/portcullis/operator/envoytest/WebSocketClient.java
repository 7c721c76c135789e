package dev.portcullis.operator.envoytest;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The JDK's WebSocket, over HTTP/1.1. */
public final class WebSocketClient implements WebSocket.Listener, AutoCloseable {

  private static final int MOMENT_MILLIS = 20;
  private static final int PATIENCE = 3000;

  private final HttpClient http;
  private final LinkedBlockingQueue<String> texts = new LinkedBlockingQueue<>();
  private final AtomicLong received = new AtomicLong();
  private final CountDownLatch ended = new CountDownLatch(1);
  private WebSocket socket;

  private WebSocketClient(HttpClient http) {
    this.http = http;
  }

  /** Returns when it is open; fails where the handshake is refused. */
  public static WebSocketClient open(MtlsClient client, String path) throws IOException {
    var made = new WebSocketClient(HttpClient.newBuilder().sslContext(client.context()).build());
    try {
      made.socket =
          made.http
              .newWebSocketBuilder()
              .buildAsync(URI.create("wss://localhost:" + client.port() + path), made)
              .join();
      return made;
    } catch (CompletionException e) {
      made.http.shutdownNow();
      throw new IOException(e.getCause());
    }
  }

  /** The status of the handshake's answer; 101 where it was taken, and given up again. */
  public static int statusOf(MtlsClient client, String path) throws IOException {
    try (var _ = open(client, path)) {
      return 101;
    } catch (IOException e) {
      if (e.getCause() instanceof WebSocketHandshakeException refused) {
        return refused.getResponse().statusCode();
      }
      throw e;
    }
  }

  /** Sends a text and returns the next one that comes. */
  public String echo(String text) throws IOException, InterruptedException {
    try {
      socket.sendText(text, true).join();
    } catch (CompletionException e) {
      throw new IOException(e.getCause());
    }
    for (var waited = 0; waited < PATIENCE && !hasEnded(); waited++) {
      var answer = texts.poll(MOMENT_MILLIS, TimeUnit.MILLISECONDS);
      if (answer != null) {
        return answer;
      }
    }
    throw new IOException("no answer");
  }

  public void send(byte[] bytes) {
    socket.sendBinary(ByteBuffer.wrap(bytes), true).join();
  }

  /** Bytes of binary messages that came. */
  public long received() {
    return received.get();
  }

  /** Whether the other side has ended it, in whatever way. */
  public boolean hasEnded() {
    return ended.getCount() == 0;
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    texts.add(data.toString());
    from.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
    received.addAndGet(data.remaining());
    from.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
    ended.countDown();
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    ended.countDown();
  }

  @Override
  public void close() {
    socket.abort();
    http.shutdownNow();
  }
}
