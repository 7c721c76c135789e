package dev.portcullis.operator.watch.measure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A short HTTP/1.1 answer whose end is the end of the connection.
 *
 * @param headers by name in lower case; of a repeated one the last
 */
record HttpAnswer(int status, Map<String, String> headers, String body) {

  static HttpAnswer parse(byte[] bytes) throws IOException {
    var text = new String(bytes, StandardCharsets.ISO_8859_1);
    var end = text.indexOf("\r\n\r\n");
    if (!text.startsWith("HTTP/") || end < 0) {
      throw new IOException("no HTTP answer but " + bytes.length + " bytes of something else");
    }
    var lines = text.substring(0, end).split("\r\n", -1);
    var headers = new TreeMap<String, String>();
    for (var i = 1; i < lines.length; i++) {
      var colon = lines[i].indexOf(':');
      if (colon > 0) {
        headers.put(
            lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
            lines[i].substring(colon + 1).strip());
      }
    }
    var rest = text.substring(end + 4);
    var body = "chunked".equals(headers.get("transfer-encoding")) ? joined(rest) : rest;
    return new HttpAnswer(statusOf(lines[0]), headers, body);
  }

  /** The chunks that are there whole. */
  private static String joined(String chunks) throws IOException {
    var body = new StringBuilder();
    var at = 0;
    for (var line = chunks.indexOf("\r\n"); line >= 0; line = chunks.indexOf("\r\n", at)) {
      var size = sizeOf(chunks.substring(at, line));
      at = line + 2 + size + 2;
      if (size == 0 || at > chunks.length()) {
        break;
      }
      body.append(chunks, line + 2, at - 2);
    }
    return body.toString();
  }

  private static int sizeOf(String hex) throws IOException {
    try {
      return Math.toIntExact(Long.parseLong(hex, 16));
    } catch (ArithmeticException | NumberFormatException malformed) {
      throw new IOException("no size of a chunk: " + hex, malformed);
    }
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  private static int statusOf(String line) throws IOException {
    try {
      return Integer.parseInt(line.split(" ", -1)[1]);
    } catch (ArrayIndexOutOfBoundsException | NumberFormatException malformed) {
      throw new IOException("no HTTP status in: " + line, malformed);
    }
  }
}
