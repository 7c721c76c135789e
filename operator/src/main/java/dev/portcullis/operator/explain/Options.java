package dev.portcullis.operator.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The command line.
 *
 * @param words without the command itself
 * @param settings by name, without dashes
 * @param headers of {@code --header}, by name
 */
record Options(
    String command, List<String> words, Map<String, String> settings, Map<String, String> headers) {

  static final String USAGE =
      "use: explain ID [--policy NAMESPACE/NAME], or: would METHOD PATH --from CALLER"
          + " [--policy NAMESPACE/NAME] [--header 'NAME: VALUE']... [--address IP]"
          + " [--trust-domain DOMAIN]";

  private static final Set<String> KNOWN =
      Set.of("policy", "from", "header", "address", "trust-domain");

  static Options parse(List<String> arguments) {
    var words = new ArrayList<String>();
    var settings = new TreeMap<String, String>();
    var headers = new TreeMap<String, String>();
    var rest = arguments.iterator();
    while (rest.hasNext()) {
      var word = rest.next();
      if (!word.startsWith("--")) {
        words.add(word);
      } else if (KNOWN.contains(word.substring(2)) && rest.hasNext()) {
        put(word.substring(2), rest.next(), settings, headers);
      } else {
        throw new IllegalArgumentException(word + " is unknown or has no value; " + USAGE);
      }
    }
    if (words.isEmpty()) {
      throw new IllegalArgumentException(USAGE);
    }
    return new Options(words.getFirst(), words.subList(1, words.size()), settings, headers);
  }

  private static void put(
      String name, String value, Map<String, String> settings, Map<String, String> headers) {
    if (name.equals("header")) {
      var parts = value.split(":", 2);
      if (parts.length < 2 || parts[0].isBlank()) {
        throw new IllegalArgumentException("--header wants 'NAME: VALUE', not '" + value + "'");
      }
      headers.put(parts[0].strip(), parts[1].strip());
    } else {
      settings.put(name, value);
    }
  }

  Optional<String> setting(String name) {
    return Optional.ofNullable(settings.get(name));
  }

  String trustDomain() {
    return settings.getOrDefault("trust-domain", "cluster.local");
  }
}
