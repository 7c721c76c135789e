package dev.portcullis.operator.intent;

import java.util.List;

/**
 * JSON requests that become gRPC calls.
 *
 * @param descriptorSet a {@code FileDescriptorSet} in base64, complete, with every file behind
 *     those that it imports
 * @param services full names of those that take JSON; never empty
 * @param maxResponseBytes largest message that becomes JSON
 */
public record Transcoding(
    String descriptorSet,
    List<String> services,
    long maxResponseBytes,
    FieldNames fieldNames,
    UnsetFields unsetFields) {

  /** How fields are called in answers. */
  public enum FieldNames {
    LOWER_CAMEL,
    AS_WRITTEN
  }

  /** What becomes of fields of an answer that have their default value. */
  public enum UnsetFields {
    OMITTED,
    PRINTED
  }

  public Transcoding {
    services = List.copyOf(services);
  }
}
