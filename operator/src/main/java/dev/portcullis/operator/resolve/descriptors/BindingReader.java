package dev.portcullis.operator.resolve.descriptors;

import com.google.api.AnnotationsProto;
import com.google.api.HttpRule;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Descriptors.MethodDescriptor;
import dev.portcullis.operator.resolve.descriptors.DescriptorSet.Binding;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The options {@code google.api.http} of a method. What Envoy would leave unheard, or take for
 * another request, is refused.
 */
final class BindingReader {

  private static final String LITERAL = "[A-Za-z0-9._~!$&'()+,@%-]+";
  private static final String SEGMENT = "([*]{1,2}|" + LITERAL + ")";
  private static final String VARIABLE =
      "[{]([A-Za-z0-9_.]+)(=" + SEGMENT + "(/" + SEGMENT + ")*)?[}]";
  private static final Pattern TEMPLATE =
      Pattern.compile("(/(" + SEGMENT + "|" + VARIABLE + "))+(:" + LITERAL + ")?");
  private static final Pattern BEGINNING = Pattern.compile("/" + LITERAL + "([/:].*)?");
  private static final Pattern VARIABLES = Pattern.compile("[{]([^=}]+)");
  private static final Pattern BEHIND_ALL = Pattern.compile("[*]{2}[^:]*/");
  private static final Pattern VERB = Pattern.compile("[A-Z]{1,32}");

  private final MethodDescriptor method;

  private BindingReader(MethodDescriptor method) {
    this.method = method;
  }

  /** None where the method takes no JSON. */
  static List<Binding> read(MethodDescriptor method) {
    var options = method.toProto().getOptions();
    if (!options.hasExtension(AnnotationsProto.http)) {
      return List.of();
    }
    var rule = options.getExtension(AnnotationsProto.http);
    var reader = new BindingReader(method);
    return Stream.concat(Stream.of(rule), rule.getAdditionalBindingsList().stream())
        .map(reader::binding)
        .toList();
  }

  private Binding binding(HttpRule rule) {
    var binding =
        switch (rule.getPatternCase()) {
          case GET -> of("GET", rule.getGet());
          case PUT -> of("PUT", rule.getPut());
          case POST -> of("POST", rule.getPost());
          case DELETE -> of("DELETE", rule.getDelete());
          case PATCH -> of("PATCH", rule.getPatch());
          case CUSTOM -> of(rule.getCustom().getKind(), rule.getCustom().getPath());
          case PATTERN_NOT_SET -> throw unfit("name a method and a path");
        };
    requireTemplate(binding.template());
    if (!VERB.matcher(binding.verb()).matches()) {
      throw unfit("'%s' is no HTTP method", Shown.text(binding.verb()));
    }
    if (!rule.getBody().isEmpty() && !rule.getBody().equals("*")) {
      requireField(method.getInputType(), rule.getBody());
    }
    if (!rule.getResponseBody().isEmpty()) {
      requireField(method.getOutputType(), rule.getResponseBody());
    }
    return binding;
  }

  private Binding of(String verb, String template) {
    return new Binding(method.getService().getFullName() + "/" + method.getName(), verb, template);
  }

  private void requireTemplate(String template) {
    if (template.length() > 512
        || !TEMPLATE.matcher(template).matches()
        || BEHIND_ALL.matcher(template).find()) {
      throw unfit("'%s' is no path such as /v1/orders/{id}", Shown.text(template));
    }
    if (!BEGINNING.matcher(template).matches() || template.startsWith("/.well-known/")) {
      throw unfit("begin '%s' with a plain text, such as /v1, that is not the gate's", template);
    }
    VARIABLES
        .matcher(template)
        .results()
        .map(each -> each.group(1))
        .forEach(
            name -> {
              var field = requireField(method.getInputType(), name);
              if (field.isRepeated() || field.getJavaType() == JavaType.MESSAGE) {
                throw unfit("{%s} is no single value", name);
              }
            });
  }

  private FieldDescriptor requireField(Descriptor message, String path) {
    var type = Optional.of(message);
    FieldDescriptor field = null;
    for (var name : path.split("\\.", -1)) {
      field = type.map(each -> each.findFieldByName(name)).orElse(null);
      if (field == null) {
        throw unfit("%s has no field %s", message.getFullName(), Shown.text(path));
      }
      type =
          field.getJavaType() == JavaType.MESSAGE && !field.isRepeated()
              ? Optional.of(field.getMessageType())
              : Optional.empty();
    }
    return field;
  }

  private Unfit unfit(String reason, Object... arguments) {
    return new Unfit(
        "Mend the option google.api.http of %s: %s.",
        Shown.text(method.getFullName()), reason.formatted(arguments));
  }
}
