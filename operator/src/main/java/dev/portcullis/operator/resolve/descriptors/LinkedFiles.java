package dev.portcullis.operator.resolve.descriptors;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The files of a set, each linked to those that it imports and behind them: Envoy takes them in the
 * order in which they come.
 */
final class LinkedFiles {

  private final Map<String, FileDescriptorProto> given = new LinkedHashMap<>();
  private final Map<String, FileDescriptor> linked = new LinkedHashMap<>();
  private final Set<String> begun = new HashSet<>();

  LinkedFiles(FileDescriptorSet set) {
    for (var file : set.getFileList()) {
      if (given.put(file.getName(), file) != null) {
        throw new Unfit("Name each file of the descriptor set once: %s is there twice.", of(file));
      }
    }
    if (given.isEmpty()) {
      throw new Unfit("Give a descriptor set with at least one file: this one is empty.");
    }
  }

  List<FileDescriptor> inOrder() {
    given.values().forEach(this::link);
    return List.copyOf(linked.values());
  }

  private FileDescriptor link(FileDescriptorProto file) {
    var known = linked.get(file.getName());
    if (known != null) {
      return known;
    }
    if (!begun.add(file.getName())) {
      throw new Unfit("Break the circle of imports that %s is part of.", of(file));
    }
    var imports =
        file.getDependencyList().stream()
            .map(name -> link(imported(file, name)))
            .toArray(FileDescriptor[]::new);
    try {
      var built = FileDescriptor.buildFrom(file, imports);
      linked.put(file.getName(), built);
      return built;
    } catch (DescriptorValidationException wrong) {
      throw new Unfit(
          "Mend the descriptor set: %s: %s", of(file), Shown.text(wrong.getDescription()));
    } catch (IllegalArgumentException wrong) {
      throw new Unfit("Mend the descriptor set: %s cannot be understood.", of(file));
    }
  }

  private FileDescriptorProto imported(FileDescriptorProto by, String name) {
    var file = given.get(name);
    if (file == null) {
      throw new Unfit(
          "Build the descriptor set with --include_imports: %s imports %s, which is not in it.",
          of(by), Shown.text(name));
    }
    return file;
  }

  private static String of(FileDescriptorProto file) {
    return Shown.text(file.getName());
  }
}
