package dev.portcullis.operator.watch.jwks;

import dev.portcullis.operator.intent.KeySource;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The hosts that the installation lets the operator ask; none where nothing is said.
 *
 * <p>An entry is a host name, {@code *.} and a domain for all names below it, or {@code *} for
 * every name; with {@code :port} where that is not 443.
 */
public final class AllowedHosts {

  private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
  private static final Pattern FORM =
      Pattern.compile(
          "(?<host>[*]|([*][.])?" + LABEL + "([.]" + LABEL + ")*)(:(?<port>[1-9][0-9]{0,4}))?");
  private static final int HTTPS = 443;

  private record Entry(String text, String host, int port) {

    boolean allows(KeySource source) {
      return port == source.port() && allows(source.host());
    }

    private boolean allows(String name) {
      return host.equals("*")
          || (host.startsWith("*.") ? name.endsWith(host.substring(1)) : name.equals(host));
    }
  }

  private final List<Entry> entries;

  private AllowedHosts(List<Entry> entries) {
    this.entries = entries;
  }

  /**
   * @throws IllegalArgumentException if one is none of these
   */
  public static AllowedHosts parse(List<String> entries) {
    return new AllowedHosts(entries.stream().map(AllowedHosts::entry).toList());
  }

  public boolean isEmpty() {
    return entries.isEmpty();
  }

  /** The entry that allows it. */
  public Optional<String> entryFor(KeySource source) {
    return entries.stream().filter(entry -> entry.allows(source)).map(Entry::text).findFirst();
  }

  private static Entry entry(String text) {
    var parts = FORM.matcher(text.strip());
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "'%s' is no host name, no *.domain and not *, with or without a port".formatted(text));
    }
    var port = parts.group("port");
    return new Entry(
        text.strip(), parts.group("host"), port == null ? HTTPS : Integer.parseInt(port));
  }
}
