package dev.portcullis.bootstrap.render;

import com.google.protobuf.Any;
import com.google.protobuf.Message;

/**
 * Packs extension configurations. {@code Any.pack} would ask for the message's descriptor, and
 * building descriptors is most of what a start costs; a golden test compares each name with it.
 */
final class TypedConfig {

  private static final String TYPE_URL_PREFIX = "type.googleapis.com/";

  private TypedConfig() {}

  static Any of(String fullName, Message message) {
    return Any.newBuilder()
        .setTypeUrl(TYPE_URL_PREFIX + fullName)
        .setValue(message.toByteString())
        .build();
  }
}
