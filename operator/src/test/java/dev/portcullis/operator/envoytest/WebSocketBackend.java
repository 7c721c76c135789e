package dev.portcullis.operator.envoytest;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An application that takes WebSockets, HTTP/1.1, and sends each message back; all other requests
 * get 200. One that is silent answers nothing at all.
 */
public final class WebSocketBackend implements AutoCloseable {

  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private final ServerSocket socket;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<String> heads = new CopyOnWriteArrayList<>();
  private final AtomicInteger open = new AtomicInteger();
  private volatile boolean isSilent;

  private WebSocketBackend(ServerSocket socket) {
    this.socket = socket;
  }

  public static WebSocketBackend start() {
    try {
      var backend =
          new WebSocketBackend(new ServerSocket(0, 128, InetAddress.getByName("127.0.0.1")));
      backend.threads.submit(backend::accept);
      return backend;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return socket.getLocalPort();
  }

  public void fallSilent() {
    isSilent = true;
  }

  /** Heads of the requests that arrived, in lower case. */
  public List<String> heads() {
    return List.copyOf(heads);
  }

  /** WebSockets that are open. */
  public int open() {
    return open.get();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        var connection = socket.accept();
        threads.submit(() -> serve(connection));
      } catch (IOException _) {
        return;
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      var input = new DataInputStream(connection.getInputStream());
      var output = new DataOutputStream(connection.getOutputStream());
      for (var head = head(input); !head.isEmpty(); head = head(input)) {
        heads.add(head.toLowerCase(Locale.ROOT));
        if (isSilent) {
          input.read();
          return;
        }
        if (head.toLowerCase(Locale.ROOT).contains("upgrade: websocket")) {
          output.write(switching(head).getBytes(StandardCharsets.US_ASCII));
          open.incrementAndGet();
          echo(input, output);
          return;
        }
        output.write("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".getBytes());
      }
    } catch (IOException _) {
      // The other side has gone.
    }
  }

  private static String head(DataInputStream input) throws IOException {
    var head = new StringBuilder();
    while (head.length() < 4 || head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
      var next = input.read();
      if (next < 0) {
        return "";
      }
      head.append((char) next);
    }
    return head.toString();
  }

  private static String switching(String head) {
    var key =
        head.lines()
            .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("sec-websocket-key:"))
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .findFirst()
            .orElse("");
    return "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n"
        + "sec-websocket-accept: "
        + accepted(key)
        + "\r\n\r\n";
  }

  private static String accepted(String key) {
    try {
      var digest = MessageDigest.getInstance("SHA-1");
      return Base64.getEncoder()
          .encodeToString(digest.digest((key + GUID).getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Frame by frame, until the other side goes. */
  private void echo(DataInputStream input, DataOutputStream output) throws IOException {
    try {
      while (true) {
        var frame = WebSocketFrame.read(input);
        output.write(frame.unmasked());
        output.flush();
      }
    } finally {
      open.decrementAndGet();
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.shutdownNow();
  }
}
