package dev.portcullis.operator.envoytest;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Every message that the real Envoy knows, read from the schema that its binary carries. */
public final class EnvoySchema {

  // Field 1 of a FileDescriptorProto, the file's name, with field 2, its package, behind it.
  private static final Pattern FILE =
      Pattern.compile("\\n([\\x05-\\x7f])((?:envoy|xds|google/api/expr)/[\\w/.-]+\\.proto)\\x12");
  private static final int LONGEST_FILE = 1 << 20;

  private final Map<String, DescriptorProto> messages = new TreeMap<>();

  private EnvoySchema() {}

  public static EnvoySchema read() {
    try {
      var schema = new EnvoySchema();
      var bytes = Files.readAllBytes(EnvoyBinary.path());
      var files = FILE.matcher(new String(bytes, StandardCharsets.ISO_8859_1));
      while (files.find()) {
        if (files.group(1).charAt(0) == files.group(2).length()) {
          fileAt(bytes, files.start()).ifPresent(schema::add);
        }
      }
      return schema;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** By full name, such as {@code envoy.config.route.v3.Route}. */
  public Optional<DescriptorProto> message(String fullName) {
    return Optional.ofNullable(messages.get(fullName));
  }

  /** Fails when the proxy does not know a field that is set, or knows it differently. */
  public void assertKnows(Message message) {
    var type = message.getDescriptorForType();
    if (type.getFullName().startsWith("google.protobuf.")) {
      return;
    }
    var known = message(type.getFullName());
    assertThat(known).as(type.getFullName()).isPresent();
    for (var field : message.getAllFields().keySet()) {
      assertThat(known.orElseThrow().getFieldList())
          .as(field.getFullName())
          .anyMatch(
              candidate ->
                  candidate.getNumber() == field.getNumber()
                      && candidate.getName().equals(field.getName())
                      && candidate.getType() == field.toProto().getType()
                      && candidate.getLabel() == field.toProto().getLabel()
                      && candidate.getTypeName().equals(field.toProto().getTypeName()));
    }
    assertThat(message.getUnknownFields().asMap()).as(type.getFullName()).isEmpty();
  }

  /** A file has no length in the binary: it ends where the next bytes are no field of one. */
  private static Optional<FileDescriptorProto> fileAt(byte[] bytes, int start) {
    var longest = Math.min(LONGEST_FILE, bytes.length - start);
    var input = CodedInputStream.newInstance(bytes, start, longest);
    var end = 0;
    try {
      for (var tag = input.readTag(); isOfFile(tag, end); tag = input.readTag()) {
        input.skipField(tag);
        end = input.getTotalBytesRead();
      }
    } catch (IOException _) {
      // Not even a field: the end all the same.
    }
    try {
      return Optional.of(
          FileDescriptorProto.parseFrom(java.util.Arrays.copyOfRange(bytes, start, start + end)));
    } catch (InvalidProtocolBufferException _) {
      return Optional.empty();
    }
  }

  private static boolean isOfFile(int tag, int position) {
    var number = WireFormat.getTagFieldNumber(tag);
    var isSecondName = number == FileDescriptorProto.NAME_FIELD_NUMBER && position > 0;
    return !isSecondName
        && number > 0
        && FileDescriptorProto.getDescriptor().findFieldByNumber(number) != null;
  }

  private void add(FileDescriptorProto file) {
    add(file.getPackage(), file.getMessageTypeList());
  }

  private void add(String scope, List<DescriptorProto> types) {
    for (var type : types) {
      var fullName = scope + "." + type.getName();
      messages.put(fullName, type);
      add(fullName, type.getNestedTypeList());
    }
  }
}
