package dev.portcullis.operator.resolve;

import static dev.portcullis.operator.resolve.Given.or;

import dev.portcullis.api.v1alpha1.ApiKeysSpec;
import dev.portcullis.api.v1alpha1.Defaults;
import dev.portcullis.operator.intent.ApiKeys;
import dev.portcullis.operator.intent.ApiKeys.KeyFate;
import dev.portcullis.operator.intent.Headers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * {@code spec.authentication.apiKeys}.
 *
 * @param found what its Secrets say, by their names
 */
record ApiKeyReader(Map<String, ApiKeys.Found> found, Headers headers) {

  /** Envoy looks each request's key up in a table that every sidecar holds. */
  static final int MOST_KEYS = 2_000;

  private static final Pattern SECRET = Pattern.compile("[a-z0-9]([-.a-z0-9]*[a-z0-9])?");
  private static final ApiKeys.Found UNREAD =
      new ApiKeys.Found(
          List.of(), List.of(new ApiKeys.Fault("SecretUnread", "Its Secrets were not read yet.")));

  ApiKeys read(ApiKeysSpec spec, At at) {
    if (spec.secretRefs().isEmpty()) {
      at.field("secretRefs").invalid("Name at least one Secret.");
    }
    var header = or(spec.header(), Defaults.API_KEY_HEADER).toLowerCase(Locale.ROOT);
    HeaderNames.requireAllowed(header, at.field("header"));
    HeaderNames.requireKept(header, at.field("header"));
    HeaderNames.requireNoProof(header, at.field("header"));
    var clientHeader =
        Optional.ofNullable(spec.forwardClient()).map(name -> name.toLowerCase(Locale.ROOT));
    clientHeader.ifPresent(
        name -> {
          HeaderNames.requireTold(name, headers.request(), at.field("forwardClient"));
          if (name.equals(header)) {
            at.field("forwardClient").invalid("Choose another header than that of the key.");
          }
        });
    var fate = or(spec.forwardKey(), Defaults.FORWARD_KEY) ? KeyFate.FORWARDED : KeyFate.REMOVED;
    return keys(new ApiKeys(header, clientHeader, fate, Map.of(), List.of()), secrets(spec, at));
  }

  private List<ApiKeys.Found> secrets(ApiKeysSpec spec, At at) {
    var result = new ArrayList<ApiKeys.Found>();
    for (var index = 0; index < spec.secretRefs().size(); index++) {
      var name = or(spec.secretRefs().get(index).name(), "");
      if (!SECRET.matcher(name).matches()) {
        at.field("secretRefs").item(index).field("name").invalid("Write the name of a Secret.");
      }
      result.add(found.getOrDefault(name, UNREAD));
    }
    return result;
  }

  /** A key of two clients is nobody's: whose requests would it let in? */
  private static ApiKeys keys(ApiKeys nobodys, List<ApiKeys.Found> secrets) {
    var owners = new HashMap<String, TreeSet<String>>();
    secrets.stream()
        .flatMap(secret -> secret.entries().stream())
        .forEach(
            entry ->
                owners
                    .computeIfAbsent(entry.digest(), digest -> new TreeSet<>())
                    .add(entry.client()));
    var clients = new HashMap<String, String>();
    var shared = new TreeSet<String>();
    owners.forEach(
        (digest, names) -> {
          if (names.size() == 1) {
            clients.put(digest, names.getFirst());
          } else {
            shared.add(String.join(", ", names));
          }
        });
    var faults = new ArrayList<>(secrets.stream().flatMap(each -> each.faults().stream()).toList());
    shared.forEach(
        names ->
            faults.add(
                new ApiKeys.Fault(
                    "KeyShared",
                    "Clients %s have the same key, so it is nobody's.".formatted(names))));
    if (clients.size() > MOST_KEYS) {
      faults.add(
          new ApiKeys.Fault(
              "TooManyKeys",
              "There are %d keys, at most %d fit, so none counts."
                  .formatted(clients.size(), MOST_KEYS)));
      clients.clear();
    }
    return new ApiKeys(nobodys.header(), nobodys.clientHeader(), nobodys.fate(), clients, faults);
  }
}
