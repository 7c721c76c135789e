package dev.portcullis.operator.envoy;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Messages as bytes: equal messages give equal bytes, maps included. */
final class Packed {

  private static final String TYPE_PREFIX = "type.googleapis.com/";

  static Any any(Message message) {
    return Any.newBuilder()
        .setTypeUrl(TYPE_PREFIX + message.getDescriptorForType().getFullName())
        .setValue(bytes(message))
        .build();
  }

  static TypedExtensionConfig extension(String name, Message message) {
    return TypedExtensionConfig.newBuilder().setName(name).setTypedConfig(any(message)).build();
  }

  static com.github.xds.core.v3.TypedExtensionConfig xdsExtension(String name, Message message) {
    return com.github.xds.core.v3.TypedExtensionConfig.newBuilder()
        .setName(name)
        .setTypedConfig(any(message))
        .build();
  }

  static HttpFilter filter(String name, Message message) {
    return HttpFilter.newBuilder().setName(name).setTypedConfig(any(message)).build();
  }

  static ByteString bytes(Message message) {
    var bytes = new byte[message.getSerializedSize()];
    var output = CodedOutputStream.newInstance(bytes);
    output.useDeterministicSerialization();
    try {
      message.writeTo(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ByteString.copyFrom(bytes);
  }

  private Packed() {}
}
