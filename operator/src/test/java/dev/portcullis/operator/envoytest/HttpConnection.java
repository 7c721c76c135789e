package dev.portcullis.operator.envoytest;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLSocket;

/** An HTTP/1.1 connection that is kept open between requests. */
public final class HttpConnection implements AutoCloseable {

  private final Socket socket;
  private final InputStream input;

  public HttpConnection(Socket socket) throws IOException {
    this.socket = socket;
    this.input = new BufferedInputStream(socket.getInputStream());
  }

  public HttpAnswer get(String path) throws IOException {
    return send(HttpText.get(path));
  }

  /** Sends and reads the answer; a server that answers before it has read all is heard. */
  public HttpAnswer send(HttpText request) throws IOException {
    var output = socket.getOutputStream();
    output.write(request.head().getBytes(StandardCharsets.ISO_8859_1));
    output.flush();
    try {
      output.write(request.body());
      output.flush();
    } catch (SocketException _) {
      // It has heard enough; the answer is on its way.
    }
    return read(request.method());
  }

  /** Sends a beginning and waits for nothing. */
  public void begin(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  /** Sends a beginning and waits for what the server makes of it. */
  public HttpAnswer sendUnfinished(String text) throws IOException {
    begin(text);
    return read("GET");
  }

  /** Fails with {@link EOFException} where the server closes without a word. */
  private HttpAnswer read(String method) throws IOException {
    var status = Integer.parseInt(line().split(" ")[1]);
    Map<String, List<String>> headers = new TreeMap<>();
    for (var line = line(); !line.isEmpty(); line = line()) {
      var colon = line.indexOf(':');
      var name = line.substring(0, colon).toLowerCase(Locale.ROOT);
      headers
          .computeIfAbsent(name, key -> new ArrayList<>())
          .add(line.substring(colon + 1).strip());
    }
    if (status == 100) {
      return read(method);
    }
    var body = method.equals("HEAD") ? new byte[0] : body(headers);
    return new HttpAnswer(status, headers, new String(body, StandardCharsets.UTF_8));
  }

  private byte[] body(Map<String, List<String>> headers) throws IOException {
    if (headers.containsKey("transfer-encoding")) {
      var body = new ByteArrayOutputStream();
      for (var size = chunkSize(); size > 0; size = chunkSize()) {
        body.write(input.readNBytes(size));
        line();
      }
      line();
      return body.toByteArray();
    }
    var length = headers.getOrDefault("content-length", List.of("0")).getFirst();
    return input.readNBytes(Integer.parseInt(length));
  }

  private int chunkSize() throws IOException {
    return Integer.parseInt(line().strip(), 16);
  }

  private String line() throws IOException {
    var bytes = new ByteArrayOutputStream();
    for (var next = input.read(); next != '\n'; next = input.read()) {
      if (next < 0) {
        throw new EOFException("closed by the server after: " + bytes);
      }
      bytes.write(next);
    }
    return bytes.toString(StandardCharsets.ISO_8859_1).stripTrailing();
  }

  /** Of a TLS connection, in the JDK's name. */
  public String cipherSuite() {
    return ((SSLSocket) socket).getSession().getCipherSuite();
  }

  /** Whether the server has closed; blocks for a moment. */
  public boolean isClosedByServer() {
    try {
      socket.setSoTimeout(50);
      return input.read() < 0;
    } catch (java.net.SocketTimeoutException _) {
      return false;
    } catch (IOException _) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
