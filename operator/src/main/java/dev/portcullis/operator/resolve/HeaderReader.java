package dev.portcullis.operator.resolve;

import static dev.portcullis.operator.resolve.Given.or;

import dev.portcullis.api.v1alpha1.Defaults;
import dev.portcullis.api.v1alpha1.HeadersSpec;
import dev.portcullis.operator.intent.Headers;
import dev.portcullis.operator.intent.Headers.Edits;
import dev.portcullis.operator.intent.Headers.Hardening;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** {@code spec.headers}; names come out in lower case. */
final class HeaderReader {

  private static final HeadersSpec.Request NO_REQUEST =
      new HeadersSpec.Request(List.of(), Map.of(), Map.of());
  private static final HeadersSpec.Response NO_RESPONSE =
      new HeadersSpec.Response(null, List.of(), Map.of(), Map.of());

  static Headers read(HeadersSpec headers, At at) {
    var request = or(Given.in(headers, HeadersSpec::request), NO_REQUEST);
    var response = or(Given.in(headers, HeadersSpec::response), NO_RESPONSE);
    var hardened = or(response.hardened(), Defaults.HARDENED);
    var requestEdits =
        new EditReader(at.field("request")).read(request.remove(), request.assign(), request.add());
    var responseEdits =
        new EditReader(at.field("response"))
            .read(response.remove(), response.assign(), response.add());
    if (hardened) {
      HeaderNames.requireHardened(responseEdits, at.field("response"));
    }
    return new Headers(
        requestEdits, responseEdits, hardened ? Hardening.HARDENED : Hardening.AS_IS);
  }

  private record EditReader(At at) {

    Edits read(List<String> remove, Map<String, String> set, Map<String, String> add) {
      return new Edits(
          remove.stream().map(name -> lower(name, at.field("remove"))).distinct().toList(),
          lower(set, at.field("set")),
          lower(add, at.field("add")));
    }

    private static Map<String, String> lower(Map<String, String> values, At at) {
      var result = new TreeMap<String, String>();
      values.forEach(
          (name, value) -> {
            HeaderNames.requireValue(value, at.field(name));
            if (result.put(lower(name, at), value) != null) {
              at.invalid("Name header '%s' once: case makes no difference.", name);
            }
          });
      return result;
    }

    private static String lower(String name, At at) {
      var lower = name.toLowerCase(Locale.ROOT);
      HeaderNames.requireAllowed(lower, at);
      return lower;
    }
  }

  private HeaderReader() {}
}
