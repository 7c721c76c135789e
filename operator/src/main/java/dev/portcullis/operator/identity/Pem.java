package dev.portcullis.operator.identity;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/** Textual encoding of keys and certificates (RFC 7468). */
record Pem(String label, byte[] der) {

  static final String CERTIFICATE = "CERTIFICATE";
  static final String PRIVATE_KEY = "PRIVATE KEY";
  static final String CRL = "X509 CRL";

  private static final Base64.Encoder ENCODER =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
  private static final Pattern BLOCK =
      Pattern.compile(
          "-----BEGIN ([A-Z0-9 ]{1,40})-----\\s*([A-Za-z0-9+/=\\s]*+)-----END \\1-----");

  static String certificate(byte[] der) {
    return new Pem(CERTIFICATE, der).text();
  }

  static String privateKey(byte[] pkcs8) {
    return new Pem(PRIVATE_KEY, pkcs8).text();
  }

  String text() {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(label, ENCODER.encodeToString(der), label);
  }

  /**
   * The blocks of a text, in order; what stands between them is skipped.
   *
   * @throws IllegalArgumentException if a block is not Base64
   */
  static List<Pem> read(String text) {
    var blocks = new ArrayList<Pem>();
    var matcher = BLOCK.matcher(text);
    while (matcher.find()) {
      blocks.add(new Pem(matcher.group(1), Base64.getMimeDecoder().decode(matcher.group(2))));
    }
    return List.copyOf(blocks);
  }
}
