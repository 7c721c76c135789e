package dev.portcullis.operator.xds;

import com.google.protobuf.Any;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;
import com.google.protobuf.UnsafeByteOperations;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * One resource, serialised once for all streams.
 *
 * @param version the first 128 bits of the SHA-256 of its bytes, in hex: equal content has an equal
 *     version in every process, so a proxy that holds it never gets it again
 */
record Content(String name, String version, Resource message) {

  private static final int VERSION_BYTES = 16;

  static Content of(ResourceType type, String name, Message resource) {
    var bytes = bytes(resource);
    var version = HexFormat.of().formatHex(sha256(bytes), 0, VERSION_BYTES);
    // Safe: nobody else has the array.
    var value = UnsafeByteOperations.unsafeWrap(bytes);
    var any = Any.newBuilder().setTypeUrl(type.typeUrl()).setValue(value);
    var message = Resource.newBuilder().setName(name).setVersion(version).setResource(any).build();
    return new Content(name, version, message);
  }

  /** Map fields in one order, whatever order they were filled in. */
  private static byte[] bytes(Message resource) {
    var bytes = new byte[resource.getSerializedSize()];
    var out = CodedOutputStream.newInstance(bytes);
    out.useDeterministicSerialization();
    try {
      resource.writeTo(out);
    } catch (IOException impossible) {
      throw new UncheckedIOException("writing to an array of the right size", impossible);
    }
    return bytes;
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }
}
