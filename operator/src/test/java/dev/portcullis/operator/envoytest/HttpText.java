package dev.portcullis.operator.envoytest;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** An HTTP/1.1 request to the byte; nothing is normalised, escaped or added but what it says. */
public record HttpText(String method, String target, List<String> headers, byte[] body) {

  private static final int CHUNK = 16 * 1024;

  public HttpText {
    headers = List.copyOf(headers);
  }

  public static HttpText get(String target) {
    return of("GET", target);
  }

  public static HttpText of(String method, String target) {
    return new HttpText(method, target, List.of("host: orders.shop"), new byte[0]);
  }

  public HttpText header(String line) {
    var more = new ArrayList<>(headers);
    more.add(line);
    return new HttpText(method, target, more, body);
  }

  /** With {@code content-length}. */
  public HttpText body(int bytes) {
    var sized = header("content-length: " + bytes);
    return new HttpText(method, target, sized.headers, new byte[bytes]);
  }

  /** With JSON, and {@code content-length}. */
  public HttpText json(String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    var sized = header("content-type: application/json").header("content-length: " + bytes.length);
    return new HttpText(method, target, sized.headers, bytes);
  }

  /** Chunked, without a length that anyone could know before. */
  public HttpText chunked(int bytes) {
    var text = new ByteArrayOutputStream();
    for (var left = bytes; left > 0; left -= CHUNK) {
      var size = Math.min(CHUNK, left);
      text.writeBytes((Integer.toHexString(size) + "\r\n").getBytes(StandardCharsets.US_ASCII));
      text.writeBytes(new byte[size]);
      text.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
    }
    text.writeBytes("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    var chunked = header("transfer-encoding: chunked");
    return new HttpText(method, target, chunked.headers, text.toByteArray());
  }

  String head() {
    var head = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
    headers.forEach(line -> head.append(line).append("\r\n"));
    return head.append("\r\n").toString();
  }
}
