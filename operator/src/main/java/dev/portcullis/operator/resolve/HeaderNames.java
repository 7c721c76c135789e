package dev.portcullis.operator.resolve;

import dev.portcullis.operator.intent.ClaimedHeaders;
import dev.portcullis.operator.intent.Headers.Edits;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Which headers a policy may touch. */
final class HeaderNames {

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]*");
  private static final Pattern VALUE = Pattern.compile("[!-~]([ -~]*[!-~])?");

  /** Those that frame the message, route it, or say who the caller is. */
  private static final Pattern OURS =
      Pattern.compile(
          "host|connection|te|trailer|transfer-encoding|content-length|upgrade|keep-alive|proxy-.*"
              + "|x-envoy-.*|x-forwarded-client-cert|x-portcullis-.*");

  private static final Set<String> PROOFS = Set.of("authorization", "cookie");
  private static final Set<String> HARDENED_AWAY = Set.of("server", "x-powered-by");
  private static final Set<String> HARDENED_IN =
      Set.of(
          "x-frame-options",
          "x-content-type-options",
          "content-security-policy",
          "strict-transport-security");

  static void requireAllowed(String lowerCase, At at) {
    if (!NAME.matcher(lowerCase).matches()) {
      at.invalid(
          "Write the header's name with letters, digits and '-' instead of '%s'.", lowerCase);
    }
    if (OURS.matcher(lowerCase).matches()) {
      at.invalid("Leave header '%s' alone: it belongs to the gate.", lowerCase);
    }
  }

  /** What the gate cuts off on entry, no rule behind ever sees. */
  static void requireKept(String lowerCase, At at) {
    if (ClaimedHeaders.contain(lowerCase)) {
      at.invalid("Choose another header than '%s': the gate cuts it off on entry.", lowerCase);
    }
  }

  static void requireNoProof(String lowerCase, At at) {
    if (PROOFS.contains(lowerCase)) {
      at.invalid("Leave header '%s' alone: applications take it for a proof.", lowerCase);
    }
  }

  /** In which the application is told what was proved. */
  static void requireTold(String lowerCase, Edits edits, At at) {
    requireAllowed(lowerCase, at);
    requireNoProof(lowerCase, at);
    if (edits.remove().contains(lowerCase)
        || edits.set().containsKey(lowerCase)
        || edits.add().containsKey(lowerCase)) {
      at.invalid("Choose another header than '%s', which spec.headers.request edits.", lowerCase);
    }
  }

  static void requireValue(String value, At at) {
    if (value == null || !VALUE.matcher(value).matches()) {
      at.invalid("Write a value of printable ASCII that neither begins nor ends with a space.");
    }
  }

  /** A hardened header may get another value by {@code set}, but not vanish or be doubled. */
  static void requireHardened(Edits response, At at) {
    Stream.concat(response.set().keySet().stream(), response.add().keySet().stream())
        .filter(HARDENED_AWAY::contains)
        .distinct()
        .forEach(name -> at.invalid("'hardened' strips '%s': do not set it.", name));
    Stream.concat(response.remove().stream(), response.add().keySet().stream())
        .filter(HARDENED_IN::contains)
        .distinct()
        .forEach(name -> at.invalid("'hardened' sets '%s': give its value under 'set'.", name));
  }

  private HeaderNames() {}
}
