package dev.portcullis.operator.resolve.descriptors;

import com.google.api.AnnotationsProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.ExtensionRegistry;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.portcullis.operator.resolve.descriptors.DescriptorReading.Read;
import dev.portcullis.operator.resolve.descriptors.DescriptorReading.Unusable;
import dev.portcullis.operator.resolve.descriptors.DescriptorSet.Service;
import java.util.Base64;
import java.util.List;

/** Reads one descriptor set. Equal bytes give equal readings. */
public final class DescriptorReader {

  /** As much as a ConfigMap can hold. */
  private static final int MOST_BYTES = 1 << 20;

  /** Each is held against every JSON request that comes. */
  private static final int MOST_BINDINGS = 1000;

  private static final ExtensionRegistry OPTIONS = ExtensionRegistry.newInstance();

  static {
    OPTIONS.add(AnnotationsProto.http);
  }

  /**
   * Never fails, whatever the bytes are.
   *
   * @param base64 as a ConfigMap has it
   */
  public static DescriptorReading read(String base64) {
    try {
      return new Read(read(parsed(bytes(base64))));
    } catch (Unfit unfit) {
      return new Unusable(unfit.getMessage());
    } catch (StackOverflowError tooDeep) {
      return new Unusable("Nest the messages and imports of the descriptor set less deeply.");
    }
  }

  private static byte[] bytes(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException notBase64) {
      throw new Unfit("Put the descriptor set under binaryData, in base64.");
    }
  }

  private static FileDescriptorSet parsed(byte[] bytes) {
    if (bytes.length > MOST_BYTES) {
      throw new Unfit("Make the descriptor set smaller: at most 1 MiB is read.");
    }
    try {
      return FileDescriptorSet.parseFrom(bytes, OPTIONS);
    } catch (InvalidProtocolBufferException notASet) {
      throw new Unfit(
          "Give a descriptor set as protoc writes it with --descriptor_set_out: these bytes are"
              + " none.");
    }
  }

  private static DescriptorSet read(FileDescriptorSet set) {
    var files = new LinkedFiles(set).inOrder();
    var services =
        files.stream()
            .flatMap(file -> file.getServices().stream())
            .map(DescriptorReader::service)
            .toList();
    if (services.stream().mapToInt(service -> service.bindings().size()).sum() > MOST_BINDINGS) {
      throw new Unfit(
          "Split the descriptor set: it has more than %d options google.api.http.", MOST_BINDINGS);
    }
    return new DescriptorSet(base64(files), services);
  }

  private static Service service(ServiceDescriptor service) {
    return new Service(
        service.getFullName(),
        service.getMethods().stream()
            .flatMap(method -> BindingReader.read(method).stream())
            .toList());
  }

  /** The comments of the source are half of a set, and nobody's business on the way. */
  private static String base64(List<FileDescriptor> files) {
    var set = FileDescriptorSet.newBuilder();
    files.forEach(file -> set.addFile(file.toProto().toBuilder().clearSourceCodeInfo()));
    return Base64.getEncoder().encodeToString(set.build().toByteArray());
  }

  private DescriptorReader() {}
}
