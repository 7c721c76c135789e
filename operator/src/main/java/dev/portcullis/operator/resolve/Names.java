package dev.portcullis.operator.resolve;

import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;

/** Names of callers, routes and limits: they end up in the proxy's configuration and log. */
final class Names {

  private static final Pattern DNS_SUBDOMAIN = Pattern.compile("[a-z0-9]([-.a-z0-9]*[a-z0-9])?");

  static String read(String name, At at) {
    if (name == null || !DNS_SUBDOMAIN.matcher(name).matches()) {
      at.invalid("Give a name of lower-case letters, digits and '-'.");
      return "";
    }
    return name;
  }

  static void requireUnique(List<String> names, At at) {
    var seen = new HashSet<String>();
    names.stream()
        .filter(name -> !seen.add(name))
        .distinct()
        .forEach(name -> at.invalid("Use the name '%s' once only.", name));
  }

  private Names() {}
}
