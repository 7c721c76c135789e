package dev.portcullis.operator.envoy;

import com.google.protobuf.Message;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** A 128-bit hash of content: SHA-256, cut. */
final class ContentHash {

  private static final int BYTES = 16;

  /** In hex; each message's length is hashed with it, so that no two lists run together. */
  static String of(List<? extends Message> messages) {
    var digest = sha256();
    for (var message : messages) {
      var bytes = Packed.bytes(message);
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.size()));
      digest.update(bytes.asReadOnlyByteBuffer());
    }
    return HexFormat.of().formatHex(Arrays.copyOf(digest.digest(), BYTES));
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private ContentHash() {}
}
