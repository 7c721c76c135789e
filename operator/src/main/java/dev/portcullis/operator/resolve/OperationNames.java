package dev.portcullis.operator.resolve;

import dev.portcullis.operator.resolve.openapi.OpenApiDocument.Operation;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Names of derived routes: {@code createPet} becomes {@code create-pet}, and an operation without
 * an id is called after its method and path. A name that is taken gets a number.
 */
final class OperationNames {

  private static final int LONGEST = 63;

  private final Set<String> taken;

  /**
   * @param taken by the policy's own routes
   */
  OperationNames(List<String> taken) {
    this.taken = new HashSet<>(taken);
  }

  /** Another one for each call. */
  String of(Operation operation) {
    var given = words(operation.id());
    var name = given.isEmpty() ? words(operation.method() + " " + operation.template()) : given;
    var free = cut(name, LONGEST);
    for (var number = 2; !taken.add(free); number++) {
      var suffix = "-" + number;
      free = cut(name, LONGEST - suffix.length()) + suffix;
    }
    return free;
  }

  private static String words(String text) {
    return text.replaceAll("([a-z0-9])([A-Z])", "$1-$2")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^a-z0-9]+", "-")
        .replaceAll("^-|-$", "");
  }

  private static String cut(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length).replaceAll("-+$", "");
  }
}
