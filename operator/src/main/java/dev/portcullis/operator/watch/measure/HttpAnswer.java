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
    return new HttpAnswer(statusOf(lines[0]), headers, text.substring(end + 4));
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
