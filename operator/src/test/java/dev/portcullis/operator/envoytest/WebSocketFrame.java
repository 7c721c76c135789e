package dev.portcullis.operator.envoytest;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

/**
 * One frame of a WebSocket (RFC 6455), its payload in the clear.
 *
 * @param first the final bit and the kind
 */
public record WebSocketFrame(int first, byte[] payload) {

  private static final int BINARY = 0x82;
  private static final int MASKED = 0x80;
  private static final int SHORT = 126;
  private static final int LONG = 127;

  public static WebSocketFrame binary(byte... payload) {
    return new WebSocketFrame(BINARY, payload);
  }

  public static WebSocketFrame read(DataInputStream input) throws IOException {
    var first = input.readUnsignedByte();
    var second = input.readUnsignedByte();
    var length = length(second & ~MASKED, input);
    var key = (second & MASKED) == 0 ? new byte[4] : input.readNBytes(4);
    return new WebSocketFrame(first, masked(input.readNBytes(length), key));
  }

  private static int length(int told, DataInputStream input) throws IOException {
    if (told == SHORT) {
      return input.readUnsignedShort();
    }
    return told == LONG ? Math.toIntExact(input.readLong()) : told;
  }

  /** As servers send it. */
  public byte[] unmasked() {
    return bytes(0, new byte[0]);
  }

  /** As clients send it. */
  public byte[] masked() {
    var key = new byte[] {1, 2, 3, 4};
    return new WebSocketFrame(first, masked(payload, key)).bytes(MASKED, key);
  }

  private byte[] bytes(int mask, byte[] key) {
    var bytes = new ByteArrayOutputStream();
    var output = new DataOutputStream(bytes);
    try {
      output.write(first);
      if (payload.length < SHORT) {
        output.write(payload.length | mask);
      } else if (payload.length < 1 << 16) {
        output.write(SHORT | mask);
        output.writeShort(payload.length);
      } else {
        output.write(LONG | mask);
        output.writeLong(payload.length);
      }
      output.write(key);
      output.write(payload);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static byte[] masked(byte[] payload, byte[] key) {
    var result = Arrays.copyOf(payload, payload.length);
    for (var index = 0; index < result.length; index++) {
      result[index] ^= key[index % key.length];
    }
    return result;
  }
}
