package dev.portcullis.operator.resolve;

import static dev.portcullis.operator.resolve.Given.in;
import static dev.portcullis.operator.resolve.Given.or;

import dev.portcullis.api.v1alpha1.ApiBackendPolicySpec;
import dev.portcullis.api.v1alpha1.BackendSpec;
import dev.portcullis.api.v1alpha1.Defaults;
import dev.portcullis.api.v1alpha1.RouteSpec;
import dev.portcullis.api.v1alpha1.TranscodingSpec;
import dev.portcullis.operator.intent.Transcoding;
import dev.portcullis.operator.intent.Transcoding.FieldNames;
import dev.portcullis.operator.intent.Transcoding.UnsetFields;
import dev.portcullis.operator.resolve.descriptors.DescriptorReading;
import dev.portcullis.operator.resolve.descriptors.DescriptorSet;
import dev.portcullis.operator.resolve.descriptors.DescriptorSet.Binding;
import dev.portcullis.operator.resolve.descriptors.DescriptorSet.Service;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code spec.backend.transcoding}.
 *
 * @param descriptors what became of the set that it refers to
 */
record TranscodingReader(ApiBackendPolicySpec spec, Optional<DescriptorReading> descriptors) {

  /** As many as a sentence can tell. */
  private static final int TOLD = 5;

  Optional<Transcoding> read(At root) {
    var at = root.field("backend").field("transcoding");
    var transcoding = in(spec.backend(), BackendSpec::transcoding);
    if (transcoding == null) {
      return Optional.empty();
    }
    if (spec.backend().protocol() != BackendSpec.Protocol.GRPC) {
      at.invalid("Remove it, or choose protocol GRPC: JSON becomes gRPC calls.");
      return Optional.empty();
    }
    return switch (descriptors.orElse(null)) {
      case null -> refused(at, "The descriptor set was not read yet.");
      case DescriptorReading.Unusable(var message) -> refused(at, message);
      case DescriptorReading.Read(var set) -> Optional.of(read(transcoding, set, root));
    };
  }

  private static Optional<Transcoding> refused(At at, String sentence) {
    at.invalid("%s", sentence);
    return Optional.empty();
  }

  private Transcoding read(TranscodingSpec transcoding, DescriptorSet set, At root) {
    var at = root.field("backend").field("transcoding");
    var services = services(transcoding, set, at);
    var bindings = services.stream().flatMap(service -> service.bindings().stream()).toList();
    requireDifferent(bindings, at);
    requirePathsOfCalls(bindings, set, root.field("routes"));
    return new Transcoding(
        set.base64(),
        services.stream().map(Service::name).toList(),
        Amounts.bytes(
            at.field("responseBody"), or(transcoding.responseBody(), Defaults.RESPONSE_BODY)),
        fieldNames(transcoding),
        unsetFields(transcoding));
  }

  private static List<Service> services(TranscodingSpec transcoding, DescriptorSet set, At at) {
    if (transcoding.services().isEmpty()) {
      var all = set.services().stream().filter(each -> !each.bindings().isEmpty()).toList();
      if (all.isEmpty()) {
        at.invalid("Give a method of the descriptor set an option google.api.http: none has one.");
      }
      return all;
    }
    var chosen = transcoding.services().stream().distinct().toList();
    for (var name : chosen) {
      var service = set.service(name);
      if (service.isEmpty()) {
        at.field("services")
            .invalid("Choose services of the descriptor set: %s is not in it.%s", name, has(set));
      } else if (service.get().bindings().isEmpty()) {
        at.field("services")
            .invalid("Give a method of %s an option google.api.http: none has one.", name);
      }
    }
    return chosen.stream().flatMap(name -> set.service(name).stream()).toList();
  }

  private static String has(DescriptorSet set) {
    return set.services().isEmpty()
        ? " It has none."
        : set.services().stream()
            .limit(TOLD)
            .map(Service::name)
            .collect(Collectors.joining(", ", " It has ", "."));
  }

  /** Envoy would know neither of two. */
  private static void requireDifferent(List<Binding> bindings, At at) {
    var known = new HashMap<String, Binding>();
    for (var binding : bindings) {
      var other = known.putIfAbsent(binding.verb() + " " + shape(binding), binding);
      if (other != null) {
        at.invalid(
            "Tell %s of %s from that of %s in the descriptor set: one request cannot be both.",
            binding.verb() + " " + binding.template(), binding.method(), other.method());
      }
    }
  }

  /** Without the names of its variables. */
  private static String shape(Binding binding) {
    return binding.template().replaceAll("\\{[^=}]+=([^}]+)}", "$1").replaceAll("\\{[^}]+}", "*");
  }

  /**
   * Requests are calls when routes are chosen: a route with the path of a JSON request would look
   * like a rule for it, and be none.
   */
  private void requirePathsOfCalls(List<Binding> bindings, DescriptorSet set, At at) {
    var services = set.services().stream().map(Service::name).collect(Collectors.toSet());
    var first =
        bindings.stream()
            .map(binding -> firstSegment(binding.template()))
            .filter(segment -> !services.contains(segment))
            .collect(Collectors.toSet());
    for (var index = 0; index < spec.routes().size(); index++) {
      requirePathOfCall(spec.routes().get(index), first, at.item(index));
    }
  }

  private static void requirePathOfCall(RouteSpec route, Set<String> first, At at) {
    var path = route.path();
    if (path != null
        && Stream.of(path.exact(), path.prefix(), path.template())
            .filter(Objects::nonNull)
            .anyMatch(each -> first.contains(firstSegment(each)))) {
      at.field("path")
          .invalid(
              "Write the path of a method, such as /shop.v1.Orders/Read: a JSON request is a call"
                  + " when routes are chosen.");
    }
  }

  private static String firstSegment(String path) {
    var segments = path.split("[/:]");
    return segments.length > 1 ? segments[1] : "";
  }

  private static FieldNames fieldNames(TranscodingSpec transcoding) {
    return switch (or(
        transcoding.fieldNames(), TranscodingSpec.FieldNames.valueOf(Defaults.FIELD_NAMES))) {
      case LowerCamel -> FieldNames.LOWER_CAMEL;
      case AsWritten -> FieldNames.AS_WRITTEN;
    };
  }

  private static UnsetFields unsetFields(TranscodingSpec transcoding) {
    return switch (or(
        transcoding.unsetFields(), TranscodingSpec.UnsetFields.valueOf(Defaults.UNSET_FIELDS))) {
      case Omit -> UnsetFields.OMITTED;
      case Print -> UnsetFields.PRINTED;
    };
  }
}
