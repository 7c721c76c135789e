package dev.portcullis.sample.caller;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One HTTP/1.1 request, sent as it stands.
 *
 * @param path the request target, never normalised
 * @param headers whole header lines, {@code name: value}
 * @param bodyBytes length of a body of zeros; none when 0
 */
record Request(String method, String host, String path, List<String> headers, int bodyBytes) {

  byte[] head() {
    var head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\n");
    headers.forEach(header -> head.append(header).append("\r\n"));
    if (bodyBytes > 0) {
      head.append("Content-Length: ").append(bodyBytes).append("\r\n");
    }
    return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }
}
