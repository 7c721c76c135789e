package dev.portcullis.operator.envoytest;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLSocket;

/** An HTTP/2 connection, frame by frame: a client that may ask for what no polite one would. */
public final class Http2Connection implements AutoCloseable {

  /** Identifiers of settings (RFC 9113, 8441). */
  public static final int MAX_CONCURRENT_STREAMS = 3;

  public static final int ENABLE_CONNECT_PROTOCOL = 8;

  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int PING = 6;
  private static final int ACK = 1;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;

  private final Socket socket;
  private final DataInputStream input;
  private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);
  private final Map<Integer, Long> settings = new HashMap<>();
  private final Map<Integer, Http2Headers> answers = new HashMap<>();
  private final Map<Integer, ByteArrayOutputStream> bodies = new HashMap<>();
  private final Map<Integer, Integer> resets = new HashMap<>();
  private int next = 1;
  private boolean isClosed;

  /** Returns when the server has told its settings. */
  Http2Connection(SSLSocket socket) throws IOException {
    this.socket = socket;
    input = new DataInputStream(socket.getInputStream());
    socket
        .getOutputStream()
        .write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    write(SETTINGS, 0, 0, new byte[0]);
    readUntil(() -> !settings.isEmpty());
  }

  /** As the server has told it. */
  public Optional<Long> setting(int identifier) {
    return Optional.ofNullable(settings.get(identifier));
  }

  /** A request without a body; names and values in turn. */
  public int send(String... headers) throws IOException {
    return request(END_HEADERS | END_STREAM, headers);
  }

  /** A request whose body follows; names and values in turn. */
  public int begin(String... headers) throws IOException {
    return request(END_HEADERS, headers);
  }

  public void data(int stream, byte[] bytes) throws IOException {
    write(DATA, 0, stream, bytes);
  }

  /** Status of the answer, once its headers are there. */
  public int status(int stream) throws IOException {
    readUntil(() -> answers.containsKey(stream));
    return Integer.parseInt(answers.get(stream).status().toString());
  }

  /** The first bytes that the server sends. */
  public byte[] read(int stream, int count) throws IOException {
    readUntil(() -> bodies.containsKey(stream) && bodies.get(stream).size() >= count);
    return bodies.get(stream).toByteArray();
  }

  /** Waits until the server has given up the stream, alone or with the connection. */
  public void awaitEnd(int stream) throws IOException {
    try {
      readUntil(() -> resets.containsKey(stream));
    } catch (EOFException _) {
      isClosed = true;
    }
  }

  public boolean isClosed() {
    return isClosed;
  }

  private int request(int flags, String... headers) throws IOException {
    var stream = next;
    next += 2;
    var all = new DefaultHttp2Headers(false);
    for (var index = 0; index < headers.length; index += 2) {
      all.add(headers[index], headers[index + 1]);
    }
    try {
      var block = Unpooled.buffer();
      encoder.encodeHeaders(stream, all, block);
      write(HEADERS, flags, stream, ByteBufUtil.getBytes(block));
    } catch (Http2Exception e) {
      throw new IOException(e);
    }
    return stream;
  }

  private void write(int type, int flags, int stream, byte[] payload) throws IOException {
    var frame =
        ByteBuffer.allocate(9 + payload.length)
            .put((byte) (payload.length >> 16))
            .putShort((short) payload.length)
            .put((byte) type)
            .put((byte) flags)
            .putInt(stream)
            .put(payload);
    socket.getOutputStream().write(frame.array());
    socket.getOutputStream().flush();
  }

  private void readUntil(BooleanSupplier condition) throws IOException {
    while (!condition.getAsBoolean()) {
      readFrame();
    }
  }

  private void readFrame() throws IOException {
    var length = input.readUnsignedByte() << 16 | input.readUnsignedShort();
    var type = input.readUnsignedByte();
    var flags = input.readUnsignedByte();
    var stream = input.readInt();
    var payload = input.readNBytes(length);
    switch (type) {
      case DATA ->
          bodies.computeIfAbsent(stream, each -> new ByteArrayOutputStream()).writeBytes(payload);
      case HEADERS -> answers.putIfAbsent(stream, decoded(stream, Unpooled.wrappedBuffer(payload)));
      case RST_STREAM -> resets.put(stream, ByteBuffer.wrap(payload).getInt());
      case SETTINGS -> learn(flags, payload);
      case PING -> write(PING, ACK, 0, payload);
      default -> {
        // Priorities, windows and farewells change nothing here.
      }
    }
  }

  private Http2Headers decoded(int stream, ByteBuf block) throws IOException {
    try {
      return decoder.decodeHeaders(stream, block);
    } catch (Http2Exception e) {
      throw new IOException(e);
    }
  }

  private void learn(int flags, byte[] payload) throws IOException {
    if ((flags & ACK) == 0) {
      for (var each = ByteBuffer.wrap(payload); each.hasRemaining(); ) {
        settings.put((int) each.getShort(), Integer.toUnsignedLong(each.getInt()));
      }
      write(SETTINGS, ACK, 0, new byte[0]);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
