package dev.portcullis.operator.resolve.openapi;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Keys of {@code content}. */
final class MediaTypeNames {

  private static final int LONGEST = 70;
  private static final String TOKEN = "[a-z0-9!#$&^_.+-]+";
  private static final Pattern NAME =
      Pattern.compile("(" + TOKEN + "/(" + TOKEN + "|\\*))|(\\*/\\*)");

  /** In lower case and without parameters; empty for what is no media type or too long. */
  static Optional<String> bare(String key) {
    return Optional.of(key.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
        .filter(name -> name.length() <= LONGEST && NAME.matcher(name).matches());
  }

  static boolean hasParameters(String key) {
    return key.contains(";");
  }

  private MediaTypeNames() {}
}
