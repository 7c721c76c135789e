package dev.portcullis.sample.caller;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** An HTTP/1.1 response; header names in lower case, the last of several values. */
record Response(int status, Map<String, String> headers, String body) {

  static Response read(InputStream in) throws IOException {
    var statusLine = line(in);
    if (!statusLine.startsWith("HTTP/1.1 ")) {
      throw new IOException("not an HTTP/1.1 response: " + statusLine);
    }
    var headers = new TreeMap<String, String>();
    for (var line = line(in); !line.isEmpty(); line = line(in)) {
      var colon = line.indexOf(':');
      headers.put(line.substring(0, colon).toLowerCase(), line.substring(colon + 1).strip());
    }
    return new Response(Integer.parseInt(statusLine.substring(9, 12)), headers, body(in, headers));
  }

  boolean closesConnection() {
    return "close".equals(headers.get("connection"));
  }

  private static String body(InputStream in, Map<String, String> headers) throws IOException {
    if ("chunked".equals(headers.get("transfer-encoding"))) {
      return chunks(in);
    }
    var length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  private static String chunks(InputStream in) throws IOException {
    var body = new StringBuilder();
    for (var size = chunkSize(in); size > 0; size = chunkSize(in)) {
      body.append(new String(in.readNBytes(size), StandardCharsets.UTF_8));
      line(in);
    }
    line(in);
    return body.toString();
  }

  private static int chunkSize(InputStream in) throws IOException {
    return Integer.parseInt(line(in), 16);
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (var b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new IOException("connection closed" + (line.isEmpty() ? "" : " within a line"));
      }
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
  }
}
