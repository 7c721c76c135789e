package dev.portcullis.operator.envoy;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.util.Values;
import io.envoyproxy.envoy.config.core.v3.Metadata;

/**
 * Writes into a chain whom it admits. Envoy reads it for no purpose but one: a chain that differs
 * is another chain, and the connections of the old one are drained, so that no long stream outlives
 * the name that it was opened under.
 */
final class OutsideMark {

  private static final String NAMESPACE = "portcullis.admitted";

  static Metadata of(Entrance.FromOutside entrance) {
    var names = ListValue.newBuilder();
    entrance.admitted().forEach(name -> names.addValuesBuilder().setStringValue(name));
    var mark = Struct.newBuilder().putFields("names", Values.of(names.build()));
    return Metadata.newBuilder().putFilterMetadata(NAMESPACE, mark.build()).build();
  }

  private OutsideMark() {}
}
